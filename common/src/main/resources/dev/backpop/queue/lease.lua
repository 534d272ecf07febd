-- Leases one chunk: an entry whose lease ran out before a new one.
-- KEYS: tasks, campaign, rate
-- ARGV: group, consumer, lease in milliseconds
-- Returns {entry id, chunk number, deliveries} or nil. Never blocks; looks at 16 expired entries at most.
-- An entry that names no chunk is dropped, lest it stop everyone who meets it: {entry id}.
-- Nothing is leased of a campaign that is shown and does not run, nor beyond what its settings allow: so many lanes, that
-- is leases that have not run out, and so many keys a second.
local shown = redis.call('HMGET', KEYS[2], 'state', 'settings')
if shown[1] and shown[1] ~= 'running' then
  return false
end
local settings = {}
if shown[2] then
  local readable, read = pcall(cjson.decode, shown[2])
  if readable and type(read) == 'table' then
    settings = read
  end
end

local lanes = tonumber(settings.lanes)
if lanes then
  local held = redis.call('XPENDING', KEYS[1], ARGV[1])[1]
  if held >= lanes
      and held - #redis.call('XPENDING', KEYS[1], ARGV[1], 'IDLE', ARGV[3], '-', '+', 10000) >= lanes then
    return false
  end
end

-- Keys leased beyond the rate are owed, and paid off as time passes on Redis' clock, also when the rate changes. A second's
-- worth may be saved up, since lanes look for work a few times a second.
local rate = tonumber(settings.rate)
local now, owed
if rate then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
  local last = redis.call('HMGET', KEYS[3], 'owed', 'at')
  owed = math.max(-rate, (tonumber(last[1]) or 0) - math.max(0, now - (tonumber(last[2]) or now)) * rate / 1000)
  if owed > 0 then
    return false
  end
end

local function answer(entry, deliveries)
  local chunk, keys
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'chunk' then
      chunk = entry[2][i + 1]
    elseif entry[2][i] == 'keys' then
      keys = tonumber(entry[2][i + 1])
    end
  end
  if chunk and string.find(chunk, '^[1-9]%d*$') and #chunk < 10 then
    if rate then
      redis.call('HSET', KEYS[3], 'owed', string.format('%.3f', owed + (keys or 0)), 'at', string.format('%.0f', now))
    end
    return {entry[1], chunk, deliveries}
  end
  redis.call('XACK', KEYS[1], ARGV[1], entry[1])
  redis.call('XDEL', KEYS[1], entry[1])
  return {entry[1]}
end

for _, pending in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1], 'IDLE', ARGV[3], '-', '+', 16)) do
  local entry = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], pending[1])[1]
  if entry and entry[2] then
    return answer(entry, pending[4] + 1)
  end
  -- Deleted meanwhile: Redis 6.2 answers nil and would keep it pending for ever, 7.0 has dropped it already.
  redis.call('XACK', KEYS[1], ARGV[1], pending[1])
end

local streams = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', 1, 'STREAMS', KEYS[1], '>')
if not streams then
  return false
end
return answer(streams[1][2][1], 1)
