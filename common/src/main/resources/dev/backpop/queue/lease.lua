-- Leases one chunk: an entry whose lease ran out before a new one.
-- KEYS: tasks
-- ARGV: group, consumer, lease in milliseconds
-- Returns {entry id, chunk number, deliveries} or nil. Never blocks; looks at 16 expired entries at most.
-- An entry that names no chunk is dropped, lest it stop everyone who meets it: {entry id}.
local function answer(entry, deliveries)
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'chunk' and string.find(entry[2][i + 1], '^[1-9]%d*$') and #entry[2][i + 1] < 10 then
      return {entry[1], entry[2][i + 1], deliveries}
    end
  end
  redis.call('XACK', KEYS[1], ARGV[1], entry[1])
  redis.call('XDEL', KEYS[1], entry[1])
  return {entry[1]}
end

for _, pending in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1], 'IDLE', ARGV[3], '-', '+', 16)) do
  local entry = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], pending[1])[1]
  if entry and entry[2] then
    return answer(entry, pending[4] + 1)
  end
  -- Deleted meanwhile: Redis 6.2 answers nil and would keep it pending for ever, 7.0 has dropped it already.
  redis.call('XACK', KEYS[1], ARGV[1], pending[1])
end

local streams = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', 1, 'STREAMS', KEYS[1], '>')
if not streams then
  return false
end
return answer(streams[1][2][1], 1)
