-- finish: ARGV 2 the work, 3 its outcome: "did", "refused" or "dropped". A fact, from anyone.
local r = load()
if not r then return {'GONE'} end
if ARGV[3] == 'dropped' then
  if not has(r.open, ARGV[2]) then return {'SAME'} end
  r.open = listed(r.open, ARGV[2], false)
else
  if has(r.closed, ARGV[2]) and not has(r.open, ARGV[2]) then return {'SAME'} end
  close(r, ARGV[2], ARGV[3] == 'refused')
end
if done(r) then calm(r) end
save(r)
return {'OK'}
