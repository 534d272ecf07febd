-- Lists the chunk numbers that are queued, leased or waiting for a retry, in one look, so that none slips through
-- while it moves from one place to the other. Bounded by the window of the campaign.
-- KEYS: tasks, retry
local chunks = {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'chunk' then
      chunks[#chunks + 1] = entry[2][i + 1]
    end
  end
end
for _, member in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  chunks[#chunks + 1] = string.match(member, '^%d+')
end
return chunks
