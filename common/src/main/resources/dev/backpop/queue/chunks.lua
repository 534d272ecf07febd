-- Lists the chunk numbers that are queued, leased or waiting for a retry, in one look, so that none slips through
-- while it moves from one place to the other. Bounded by the window of the campaign.
-- KEYS: tasks, retry
local chunks = {}
local function add(chunk)
  if chunk and string.find(chunk, '^[1-9]%d*$') and #chunk < 10 then
    chunks[#chunks + 1] = chunk
  end
end

for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'chunk' then
      add(entry[2][i + 1])
    end
  end
end
for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  add(string.match(member, '^(%d+):%d+$'))
end
return chunks
