-- Sets fields of a campaign (an empty value removes its field) and says how long its keys are kept.
-- KEYS: campaign, then every other key of the campaign
-- ARGV: milliseconds to keep them, 0 for ever; then field and value in turn
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1], ARGV[i])
  else
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
for _, key in ipairs(KEYS) do
  if ARGV[1] == '0' then
    redis.call('PERSIST', key)
  else
    redis.call('PEXPIRE', key, ARGV[1])
  end
end
return 1
