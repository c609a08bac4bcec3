-- fail: ARGV 2 attempt, 3 reason, 4 delay in ms.
local r = load()
if not r then return {'GONE'} end
if r.own ~= ARGV[2] then return {'STALE'} end
release(r)
r.att = tonumber(r.att or 0) + 1
r.err = ARGV[3]
r.due = NOW + tonumber(ARGV[4])
save(r)
return {'OK'}
