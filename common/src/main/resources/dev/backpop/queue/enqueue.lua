-- Adds chunks to the queue: all of them, or none when Redis is out of memory.
-- KEYS: tasks
-- ARGV: chunk number and number of keys in turn
for i = 1, #ARGV, 2 do
  redis.call('XADD', KEYS[1], '*', 'chunk', ARGV[i], 'keys', ARGV[i + 1])
end
return #ARGV / 2
