-- finish: ARGV 2 the work. A fact, from anyone.
local r = load()
if not r then return {'GONE'} end
if has(r.closed, ARGV[2]) and not has(r.open, ARGV[2]) then return {'SAME'} end
close(r, ARGV[2])
save(r)
return {'OK'}
