-- claim: ARGV 2 attempt, 3 lease in ms. The client may ask again after a lost reply: the attempt then has its lease.
local r = load()
if not r then return {'GONE'} end
if r.st == 'PARKED' then return {'PARKED'} end
if done(r) then return {'DONE'} end
if leased(r) then
  if r.own == ARGV[2] then return reply('OK', r) end
  return {'BUSY'}
end
r.tok = tonumber(r.tok or 0) + 1
r.own = ARGV[2]
r.lease = NOW + tonumber(ARGV[3])
r.due = r.lease -- due again if the worker dies
save(r)
return reply('OK', r)
