-- forget: ARGV 2 attempt.
local r = load()
if not r then return {'OK'} end
if r.known or r.own ~= ARGV[2] then return {'STALE'} end
erase()
return {'OK'}
