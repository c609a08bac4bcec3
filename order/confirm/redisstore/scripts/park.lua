-- park: ARGV 2 reason, 3 what the provider said, 4 "1" where it showed the order.
local r = load()
if not r then return {'GONE'} end
if done(r) then return {'DONE'} end
if r.st == 'PARKED' then return {'SAME'} end
release(r)
r.prev, r.st, r.err, r.fault, r.due = r.st, 'PARKED', ARGV[2], ARGV[3], nil
if ARGV[4] == '1' then r.known = 1 end
save(r)
return {'OK'}
