-- acked: a fact, from anyone.
local r = load()
if not r then
  r = fresh('ACKED')
elseif base(r) == 'ACKED' then
  return {'SAME'}
end
learn(r, 'ACKED')
r.known, r.ackat = 1, NOW
calm(r)
if r.st ~= 'PARKED' then r.due = NOW end
save(r)
return {'OK'}
