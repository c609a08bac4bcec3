-- release: nothing more than the order id.
local r = load()
if not r then return {'GONE'} end
if r.st ~= 'PARKED' then return {'SAME'} end
r.st, r.prev = r.prev, nil
anew(r)
save(r)
return {'OK'}
