-- Hands a leased chunk back: a fresh entry at the end of the queue.
-- KEYS: tasks
-- ARGV: group, consumer, entry id, deliveries, chunk number
-- Returns 1, or 0 when the lease is no longer ours.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])[1]
if not pending or pending[4] ~= tonumber(ARGV[4]) then
  return 0
end
local fields = {'chunk', ARGV[5], 'keys', '0'}
local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])[1]
if entry then
  fields = entry[2]
end
-- XACK comes before XADD: a script that has written is not stopped by maxmemory.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
redis.call('XADD', KEYS[1], '*', unpack(fields))
return 1
