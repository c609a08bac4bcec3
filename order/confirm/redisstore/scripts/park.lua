-- park: ARGV 2 reason.
local r = load()
if not r then return {'GONE'} end
if done(r) then return {'DONE'} end
if r.st == 'PARKED' then return {'SAME'} end
release(r)
r.prev, r.st, r.err, r.due = r.st, 'PARKED', ARGV[2], nil
save(r)
return {'OK'}
