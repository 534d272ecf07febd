-- Takes a chunk that was split out of the queue and adds its parts, if any are given.
-- KEYS: tasks, progress
-- ARGV: group, consumer, entry id, deliveries, then chunk number and number of keys of each part in turn
-- Returns 1, or 0 when the lease is no longer ours.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])[1]
if not pending or pending[4] ~= tonumber(ARGV[4]) then
  return 0
end
-- XACK comes first: a script that has written is not stopped by maxmemory.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
for i = 5, #ARGV, 2 do
  redis.call('XADD', KEYS[1], '*', 'chunk', ARGV[i], 'keys', ARGV[i + 1])
end
if #ARGV > 6 then
  redis.call('HINCRBY', KEYS[2], 'chunks.planned', (#ARGV - 4) / 2 - 1)
end
return 1
