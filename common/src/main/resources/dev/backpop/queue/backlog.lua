-- KEYS: tasks, retry, failed
-- ARGV: group
-- Returns {entries in the stream, of these leased, waiting for a retry, set aside}.
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1])
local leased = 0
if not pending.err then
  leased = pending[1]
end
return {redis.call('XLEN', KEYS[1]), leased, redis.call('ZCARD', KEYS[2]), redis.call('BITCOUNT', KEYS[3])}
