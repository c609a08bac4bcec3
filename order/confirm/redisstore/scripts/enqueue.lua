-- enqueue: ARGV 2 "1" for hurry, 3.. work to be opened.
local r = load()
if not r then
  r = fresh('PENDING')
  for i = 3, #ARGV do open(r, ARGV[i]) end
  save(r)
  return reply('NEW', r)
end
local was, changed = done(r), false
for i = 3, #ARGV do
  if open(r, ARGV[i]) then changed = true end
end
if was then
  if changed then anew(r) end
elseif r.st ~= 'PARKED' then
  if not r.due then
    r.due, changed = leased(r) and r.lease or NOW, true
  elseif ARGV[2] == '1' and tonumber(r.due) > NOW and not leased(r) then
    r.due, changed = NOW, true
  end
end
if changed then save(r) end
return reply('OK', r)
