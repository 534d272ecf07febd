-- Takes a done chunk out of the queue and counts it, once.
-- KEYS: tasks, progress, counted, failed
-- ARGV: group, consumer, entry id, deliveries, chunk number, then field and amount in turn
-- Returns 1, or 0 when the lease is no longer ours.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])[1]
if not pending or pending[4] ~= tonumber(ARGV[4]) then
  return 0
end
-- XACK comes first: a script that has written is not stopped by maxmemory, so work that is done can always be handed in.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
if redis.call('SETBIT', KEYS[3], ARGV[5], 1) == 1 then
  return 1
end
if redis.call('GETBIT', KEYS[4], ARGV[5]) == 1 then
  redis.call('SETBIT', KEYS[4], ARGV[5], 0)
  redis.call('HINCRBY', KEYS[2], 'chunks.failed', -1)
end
redis.call('HINCRBY', KEYS[2], 'chunks.done', 1)
for i = 6, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[2], ARGV[i], ARGV[i + 1])
end
return 1
