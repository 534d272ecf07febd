-- Lists who holds what, also where the lease has run out and nobody has taken it yet.
-- KEYS: tasks
-- ARGV: group
-- Returns {entry id, chunk number, consumer, deliveries, entry id, …}; empty without a group. Looks at 1,000 at most.
local leases = {}
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], '-', '+', 1000)
if pending.err then
  return leases
end
for _, held in ipairs(pending) do
  local entry = redis.call('XRANGE', KEYS[1], held[1], held[1])[1]
  if entry then
    for i = 1, #entry[2], 2 do
      local chunk = entry[2][i + 1]
      if entry[2][i] == 'chunk' and string.find(chunk, '^[1-9]%d*$') and #chunk < 10 then
        leases[#leases + 1] = entry[1]
        leases[#leases + 1] = chunk
        leases[#leases + 1] = held[2]
        leases[#leases + 1] = held[4]
      end
    end
  end
end
return leases
