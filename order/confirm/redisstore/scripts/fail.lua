-- fail: ARGV 2 attempt, 3 reason, 4 delay in ms, 5 what the provider said, 6 "1" where it showed the order.
local r = load()
if not r then return {'GONE'} end
if r.own ~= ARGV[2] then return {'STALE'} end
release(r)
r.att = tonumber(r.att or 0) + 1
r.err, r.fault = ARGV[3], ARGV[5]
if ARGV[6] == '1' then r.known = 1 end
r.due = NOW + tonumber(ARGV[4])
save(r)
return {'OK'}
