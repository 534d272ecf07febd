-- Moves chunks whose backoff has passed, by Redis' clock, into the queue, the longest due first.
-- KEYS: tasks, retry
-- ARGV: how many at most
-- Returns how many were moved or, naming no chunk, dropped.
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, ARGV[1])
for _, member in ipairs(due) do
  local chunk, keys = string.match(member, '^(%d+):(%d+)$')
  redis.call('ZREM', KEYS[2], member)
  if chunk then
    redis.call('XADD', KEYS[1], '*', 'chunk', chunk, 'keys', keys)
  end
end
return #due
