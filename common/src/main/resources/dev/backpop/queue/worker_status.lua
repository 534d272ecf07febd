-- Replaces what a worker says of itself.
-- KEYS: worker
-- ARGV: milliseconds to keep it, then field and value in turn
redis.call('DEL', KEYS[1])
for i = 2, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1
