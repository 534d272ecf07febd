-- Replaces a campaign's progress by what the ledger says.
-- KEYS: progress, counted, failed, campaign
-- ARGV: bitmap of the done chunks, bitmap of the failed chunks, then field and value in turn
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
if #ARGV[1] > 0 then
  redis.call('SET', KEYS[2], ARGV[1])
end
if #ARGV[2] > 0 then
  redis.call('SET', KEYS[3], ARGV[2])
end
for i = 3, #ARGV, 2 do
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
end
-- A retired campaign's keys go together.
local remaining = redis.call('PTTL', KEYS[4])
if remaining > 0 then
  for i = 1, 3 do
    redis.call('PEXPIRE', KEYS[i], remaining)
  end
end
return 1
