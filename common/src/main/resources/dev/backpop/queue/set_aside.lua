-- Takes a chunk that cannot be done out of the queue, with the reason, and counts it as failed, once.
-- KEYS: tasks, progress, counted, failed, dead
-- ARGV: group, consumer, entry id, deliveries, chunk number, reason, entries to keep
-- Returns 1, or 0 when the lease is no longer ours.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])[1]
if not pending or pending[4] ~= tonumber(ARGV[4]) then
  return 0
end
-- XACK comes first: a script that has written is not stopped by maxmemory.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
-- A chunk that somebody completed under another entry is done, whatever became of this one.
if redis.call('GETBIT', KEYS[3], ARGV[5]) == 1 then
  return 1
end
redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[7], '*', 'chunk', ARGV[5], 'reason', ARGV[6])
if redis.call('SETBIT', KEYS[4], ARGV[5], 1) == 0 then
  redis.call('HINCRBY', KEYS[2], 'chunks.failed', 1)
end
return 1
