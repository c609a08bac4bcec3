-- prepare: ARGV 2 attempt, 3 SHA, 4 body, 5 revision, 6.. work to be opened. The first body wins; only the holder of the
-- lease freezes one.
local r = load()
if not r then return {'GONE'} end
if base(r) ~= 'PENDING' then return {'SHA', r.psha or '', text(r.rev or 0)} end
if r.psha then
  local body = redis.call('GET', BODY)
  if body then return {'USE', r.psha, text(r.rev or 0), body} end
end
if r.own ~= ARGV[2] then return {'STALE'} end
r.psha, r.rev, r.known = ARGV[3], ARGV[5], 1
calm(r)
for i = 6, #ARGV do open(r, ARGV[i]) end
redis.call('SET', BODY, ARGV[4], 'EX', BODY_LIFE)
save(r)
return {'OK'}
