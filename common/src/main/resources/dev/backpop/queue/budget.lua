-- The budget of one legacy store, by Redis' own clock in microseconds.
-- KEYS: budget
-- ARGV: what to do (take, settle, read), microseconds to add to the clock, requests, per, longest, and more, see below
--
-- A request counts from its permission until `per` has passed since its answer came in, wherever in between the server
-- counts it: so the server never sees more than `requests` in any time of that length, however late they reach it.
-- Answers are logged by slices of 10 ms (s:SLICE). A request under way stands in the slice in which it is over at the latest
-- (f:SLICE), so that one whose process died counts as answered then.
-- Beside that, campaigns are paced, lest they spend everything at once and the next caller waits for most of a window.
local SLICE = 10000
local FURTHEST = 3000
local SECOND = 1000000
local key = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * SECOND + time[2] + tonumber(ARGV[2])
local requests, per, longest = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local numbers = {'per', 'counted', 'under_way', 'dropped', 'moved', 'next', 'remaining', 'remaining_until', 'stopped_until',
  'refusals', 'failures', 'open_until', 'hold', 'probe_until', 'streak', 'passed:2', 'passed:3', 'passed:4'}
local texts = {'stopped_why', 'failed_why', 'waiting:1', 'waiting:2', 'waiting:3', 'waiting:4'}
local at, was, text, written = {}, {}, {}, {}
for i, value in ipairs(redis.call('HMGET', key, unpack(numbers))) do
  at[numbers[i]] = tonumber(value) or 0
  was[numbers[i]] = at[numbers[i]]
end
for i, value in ipairs(redis.call('HMGET', key, unpack(texts))) do
  text[texts[i]] = value or ''
end

local function whole(number)
  return string.format('%.0f', number)
end

local function say(name, value)
  if text[name] ~= value then
    text[name] = value
    written[#written + 1] = name
    written[#written + 1] = value
  end
end

local function slice(moment)
  return math.floor(moment / SLICE)
end

local function add(kind, number, amount)
  local field = kind .. ':' .. whole(number)
  if redis.call('HINCRBY', key, field, amount) <= 0 then
    redis.call('HDEL', key, field)
  end
end

-- Counts anew all that is there, after a long silence or with another window.
local function recount()
  at.counted, at.under_way = 0, 0
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local kind, number = string.match(all[i], '^([sf]):(%d+)$')
    if kind then
      local amount = tonumber(all[i + 1])
      number = tonumber(number)
      if kind == 'f' and number >= slice(now) then
        at.under_way = at.under_way + amount
      else
        if kind == 'f' or number < slice(now - per) then
          redis.call('HDEL', key, all[i])
        end
        if number >= slice(now - per) then
          at.counted = at.counted + amount
          if kind == 'f' then
            add('s', number, amount)
          end
        end
      end
    end
  end
end

local function each(kind, from, to, found)
  for first = from, to, 100 do
    local last = math.min(to, first + 99)
    local fields = {}
    for number = first, last do
      fields[#fields + 1] = kind .. ':' .. whole(number)
    end
    for i, amount in ipairs(redis.call('HMGET', key, unpack(fields))) do
      if amount and found(first + i - 1, tonumber(amount), fields[i]) then
        return
      end
    end
  end
end

if at.per == 0 then
  at.next = now
end
if at.per ~= per or slice(now) - at.moved > FURTHEST then
  recount()
else
  each('f', at.moved, slice(now) - 1, function(number, amount, field)
    redis.call('HDEL', key, field)
    add('s', number, amount)
    at.under_way = at.under_way - amount
    at.counted = at.counted + amount
  end)
  each('s', at.dropped, slice(now - per) - 1, function(_, amount, field)
    redis.call('HDEL', key, field)
    at.counted = at.counted - amount
  end)
end
at.per = per
at.moved = math.max(at.moved, slice(now))
at.dropped = slice(now - per)

-- One request of a hundred is kept for live callers, who must not wait for what campaigns have spent.
local kept = requests > 1 and math.max(1, math.floor(requests / 100)) or 0
local interval = per / requests
if at.remaining_until > now and at.remaining >= 1 then
  interval = math.max(interval, (at.remaining_until - now) / at.remaining)
end
-- Time that was missed, by a caller that came late, is made up for; with the pace it stays under a second.
local lateness = math.min(800000, math.max(50000, 850000 - interval))

local function finish(answer)
  for _, name in ipairs(numbers) do
    if at[name] ~= was[name] then
      written[#written + 1] = name
      written[#written + 1] = whole(at[name])
    end
  end
  if #written > 0 then
    redis.call('HSET', key, unpack(written))
    redis.call('PEXPIRE', key, 86400000)
  end
  return answer
end

-- Those of a class who wait at present, but one, as text; and whether there are any.
local function waiting(class, but)
  local kept_waiting = {}
  for id, moment in string.gmatch(text['waiting:' .. class], '([^=;]+)=(%d+)') do
    if id ~= but and tonumber(moment) > now then
      kept_waiting[#kept_waiting + 1] = id .. '=' .. moment
    end
  end
  return table.concat(kept_waiting, ';'), #kept_waiting > 0
end

local function waits(class, but)
  local _, any = waiting(class, but)
  return any
end

-- more ARGV: class from 1 (live) to 4, id of who asks, name of which one may be under way or ''
-- Returns {1, slice, probe} or {0, microseconds to wait, why, what the server said, the present}
if ARGV[1] == 'take' then
  local class, id, alone = tonumber(ARGV[6]), ARGV[7], ARGV[8]
  local live = class == 1

  local function no(wait, why, said)
    return finish({0, whole(math.max(1000, wait)), why, said or '', whole(now)})
  end

  -- Others of lower classes leave the next one to it, for as long as it asks again in time.
  local function wait_for(wait, why)
    local others = waiting(class, id)
    local mine = id .. '=' .. whole(now + math.min(wait, SECOND) + 250000)
    say('waiting:' .. class, others == '' and mine or others .. ';' .. mine)
    return no(wait, why)
  end

  if at.stopped_until > now then
    return no(at.stopped_until - now, 'stopped', text.stopped_why)
  end
  local probe = 0
  if at.open_until > 0 then
    if at.open_until > now then
      return no(at.open_until - now, 'open', text.failed_why)
    end
    if at.probe_until > now then
      return no(50000, 'probe', text.failed_why)
    end
    probe = 1
  end
  if alone ~= '' then
    local held = string.match(redis.call('HGET', key, 'alone:' .. alone) or '', '=(%d+)$')
    if held and tonumber(held) > now then
      return no(10000, 'alone')
    end
  end
  if at.remaining_until > now and at.remaining < (live and 1 or 2) then
    return no(at.remaining_until - now, 'remaining')
  end
  if at.counted + at.under_way >= requests - (live and 0 or kept) then
    local wait = at.counted == 0 and SLICE or FURTHEST * SLICE
    each('s', at.dropped, math.min(at.dropped + FURTHEST, slice(now)), function(number)
      wait = (number + 1) * SLICE + per - now
      return true
    end)
    return wait_for(wait, 'spent')
  end
  if not live then
    -- A pace that the server has asked for and does not ask for any more.
    at.next = math.min(at.next, now + interval)
    if at.next > now then
      return wait_for(at.next - now, 'spent')
    end
    local turn = math.min(50000, interval)
    if at.streak < 19 and waits(1) then
      return wait_for(turn, 'turn')
    end
    for other = 2, 4 do
      if other ~= class and waits(other) then
        local own, its = at['passed:' .. class], at['passed:' .. other]
        if own < 9 and (other < class or its >= 9) then
          return wait_for(turn, 'turn')
        end
      end
    end
  end

  at.under_way = at.under_way + 1
  local over = slice(now + longest) + 1
  add('f', over, 1)
  at.remaining = at.remaining_until > now and at.remaining - 1 or at.remaining
  at.next = math.max(at.next, now - lateness) + interval
  say('waiting:' .. class, (waiting(class, id)))
  local campaigns_wait = false
  for other = 2, 4 do
    if other ~= class and waits(other) then
      campaigns_wait = true
      if not live and other > class then
        at['passed:' .. other] = at['passed:' .. other] + 1
      end
    elseif not live then
      at['passed:' .. other] = 0
    end
  end
  at.streak = live and campaigns_wait and at.streak + 1 or 0
  if probe == 1 then
    at.probe_until = now + longest
  end
  if alone ~= '' then
    redis.call('HSET', key, 'alone:' .. alone, id .. '=' .. whole(now + longest))
  end
  return finish({1, whole(over), probe})
end

-- more ARGV: slice and probe as they were given, answered, refused or failed, and of the server's headers, '' where there is
-- none: how many remain, until it counts anew, how long it wants not to be asked; what it said; name and id as in take
if ARGV[1] == 'settle' then
  local kind, said, alone = ARGV[8], ARGV[12], ARGV[13]
  local remaining, reset, retry_after = tonumber(ARGV[9]), tonumber(ARGV[10]), tonumber(ARGV[11])
  if redis.call('HGET', key, 'f:' .. ARGV[6]) then
    add('f', ARGV[6], -1)
    at.under_way = at.under_way - 1
  end
  add('s', slice(now), 1)
  at.counted = at.counted + 1
  if alone ~= '' and string.match(redis.call('HGET', key, 'alone:' .. alone) or '', '^([^=]+)=') == ARGV[14] then
    redis.call('HDEL', key, 'alone:' .. alone)
  end

  if remaining and reset then
    -- The server has not counted those that are under way.
    local left = math.max(0, math.floor(remaining) - at.under_way)
    local ends = now + reset
    if at.remaining_until > now and ends < at.remaining_until + 1.5 * SECOND then
      -- Of answers that overtake each other the lowest count is the newest.
      at.remaining = math.min(at.remaining, left)
      at.remaining_until = math.max(at.remaining_until, ends)
    else
      at.remaining = left
      at.remaining_until = ends
    end
  end

  local stop = retry_after or 0
  if kind == 'refused' then
    if not retry_after and not (remaining and reset and remaining < 1) then
      at.refusals = at.refusals + 1
      stop = math.min(60, 2 ^ (at.refusals - 1)) * SECOND
    end
  elseif kind == 'answered' then
    at.refusals = 0
  end
  if stop > 0 and now + stop > at.stopped_until then
    at.stopped_until = now + stop
    say('stopped_why', said)
  end

  if kind == 'failed' then
    if at.open_until > 0 then
      if ARGV[7] == '1' then
        at.hold = math.min(600 * SECOND, at.hold * 2)
        at.open_until, at.probe_until = now + at.hold, 0
        say('failed_why', said)
      end
    else
      at.failures = at.failures + 1
      say('failed_why', said)
      if at.failures >= 5 then
        at.hold = 10 * SECOND
        at.open_until, at.probe_until = now + at.hold, 0
      end
    end
  elseif at.open_until == 0 or ARGV[7] == '1' then
    at.failures, at.hold, at.open_until, at.probe_until = 0, 0, 0, 0
  end
  return finish({})
end

-- Returns {spent, under way, interval, remaining or -1, microseconds until it may be asked again, why}
local closed = 0
local why = ''
if at.stopped_until > now then
  closed, why = at.stopped_until - now, text.stopped_why
end
if at.open_until - now > closed then
  closed, why = at.open_until - now, text.failed_why
end
if at.remaining_until > now and at.remaining < 1 and at.remaining_until - now > closed then
  closed, why = at.remaining_until - now, "the server's own allowance is used up"
end
return {whole(at.counted + at.under_way), whole(at.under_way), whole(interval),
  at.remaining_until > now and whole(at.remaining) or '-1', whole(closed), why, whole(now)}
