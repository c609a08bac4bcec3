-- load: ARGV 2 "1" where there is a frozen body, 3 the body, 4 the due time or "", 5 the end of life or "", 6.. fields and
-- their values. Leases do not travel.
local r = {}
for i = 6, #ARGV, 2 do
  if ARGV[i + 1] ~= '' then r[ARGV[i]] = ARGV[i + 1] end
end
if ARGV[4] ~= '' then r.due = ARGV[4] end
if ARGV[5] ~= '' then r.lapses = ARGV[5] end
if r.lapses and tonumber(r.lapses) <= NOW then return {'LAPSED'} end
local body = ARGV[2] == '1' and ARGV[3] or nil
local old = load()
if old then
  for _, f in ipairs(FIELDS) do
    if f ~= 'own' and f ~= 'lease' and f ~= 'made' and (old[f] or '') ~= (r[f] or '') then return {'EXISTS'} end
  end
  if tonumber(old.due or -1) ~= tonumber(r.due or -1) then return {'EXISTS'} end
  if (redis.call('GET', BODY) or nil) ~= body then return {'EXISTS'} end
  return {'SAME'}
end
save(r)
if body then redis.call('SET', BODY, body, 'EX', BODY_LIFE) end
return {'OK'}
