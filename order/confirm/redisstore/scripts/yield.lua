-- yield: ARGV 2 attempt.
local r = load()
if not r then return {'GONE'} end
if r.own ~= ARGV[2] then return {'STALE'} end
release(r)
r.due = NOW
save(r)
return {'OK'}
