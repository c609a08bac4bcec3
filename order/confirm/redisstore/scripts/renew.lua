-- renew: ARGV 2 attempt, 3 lease in ms.
local r = load()
if not r then return {'GONE'} end
if r.own ~= ARGV[2] then return {'STALE'} end
r.lease = NOW + tonumber(ARGV[3])
r.due = r.lease
save(r)
return {'OK'}
