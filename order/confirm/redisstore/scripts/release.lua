-- release: nothing more than the order id.
local r = load()
if not r then return {'GONE'} end
if r.st ~= 'PARKED' then return {'SAME'} end
r.st, r.prev = r.prev, nil
r.rel = tonumber(r.rel or 0) + 1
anew(r)
save(r)
return {'OK'}
