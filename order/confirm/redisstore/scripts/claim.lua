-- claim: ARGV 2 attempt, 3 lease in ms. The client may ask again after a lost reply: the attempt then has its lease.
-- An order that is due without a record has lost it: then its facts are lost, and the order begins again.
local r = load()
if not r and (redis.call('ZSCORE', DUE, ID) or redis.call('ZSCORE', OTHERS, ID)) then r = fresh('PENDING') end
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
