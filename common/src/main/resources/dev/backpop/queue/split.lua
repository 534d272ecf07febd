-- Takes a chunk that was split out of the queue and adds those of its parts for which the window has room.
-- KEYS: tasks, progress, retry
-- ARGV: group, consumer, entry id, deliveries, most tasks, then chunk number and number of keys of each part in turn
-- Returns 1, or 0 when the lease is no longer ours.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])[1]
if not pending or pending[4] ~= tonumber(ARGV[4]) then
  return 0
end
-- XACK comes first: a script that has written is not stopped by maxmemory.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
local room = tonumber(ARGV[5]) - redis.call('XLEN', KEYS[1]) - redis.call('ZCARD', KEYS[3])
for i = 6, #ARGV, 2 do
  if room > 0 then
    redis.call('XADD', KEYS[1], '*', 'chunk', ARGV[i], 'keys', ARGV[i + 1])
  end
  room = room - 1
end
-- Those that wait in the ledger are planned as well.
if #ARGV > 7 then
  redis.call('HINCRBY', KEYS[2], 'chunks.planned', (#ARGV - 5) / 2 - 1)
end
return 1
