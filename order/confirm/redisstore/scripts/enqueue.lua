-- enqueue: ARGV 2 "1" for hurry, 3 "1" for vouched, 4 a word of this very call, 5.. work to be opened. The client may ask again
-- after a lost reply: the record then still bears the word of the call that made it.
local r = load()
if not r then
  r = fresh('PENDING')
  r.made = ARGV[4]
  if ARGV[3] == '1' then r.vouch = 1 end
  for i = 5, #ARGV do open(r, ARGV[i]) end
  save(r)
  return reply('NEW', r)
end
local was, changed = done(r), false
if ARGV[3] == '1' and not r.vouch then r.vouch, changed = 1, true end
local more = false
for i = 5, #ARGV do
  if open(r, ARGV[i]) then changed, more = true, true end
end
if was then
  if more then anew(r) end
elseif r.st ~= 'PARKED' then
  if not r.due then
    r.due, changed = leased(r) and r.lease or NOW, true
  elseif ARGV[2] == '1' and tonumber(r.due) > NOW and not leased(r) then
    r.due, changed = NOW, true
  end
end
if changed then save(r) end
return reply('OK', r)
