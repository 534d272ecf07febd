-- Puts a leased chunk aside until a delay has passed on Redis' clock.
-- KEYS: tasks, retry
-- ARGV: group, consumer, entry id, deliveries, chunk number, delay in milliseconds
-- Returns 1, or 0 when the lease is no longer ours.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])[1]
if not pending or pending[4] ~= tonumber(ARGV[4]) then
  return 0
end
local keys = '0'
local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])[1]
if entry then
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'keys' then
      keys = entry[2][i + 1]
    end
  end
end
local time = redis.call('TIME')
local due = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[6])
-- XACK comes before ZADD: a script that has written is not stopped by maxmemory.
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
redis.call('ZADD', KEYS[2], string.format('%.0f', due), ARGV[5] .. ':' .. keys)
return 1
