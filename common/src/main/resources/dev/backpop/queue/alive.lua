-- Lists the names of the workers that were alive lately, by Redis' clock, and forgets those long gone.
-- KEYS: workers
-- ARGV: milliseconds that count as lately, milliseconds after which a name is forgotten
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('(%.0f', now - ARGV[2]))
return redis.call('ZRANGEBYSCORE', KEYS[1], string.format('%.0f', now - ARGV[1]), '+inf')
