-- stream_work: ARGV 2 the work, 3 event id, 4 event type, 5 body, 6 attempt. KEYS 12 is the stream.
local r = load()
if not r then return {'GONE'} end
if not has(r.open, ARGV[2]) then
  if has(r.closed, ARGV[2]) then return {'SAME'} end
else
  entry(ARGV[3], ARGV[4], ID, ARGV[5], ARGV[6])
end
close(r, ARGV[2])
if done(r) then calm(r) end
save(r)
return {'OK'}
