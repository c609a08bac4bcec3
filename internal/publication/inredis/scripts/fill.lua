-- fill: KEYS 1 publications, 2 schema number, 3 files of this one, 4 files of the one that it replaces. ARGV 1 our schema number,
-- 2 number, 3 id, 4 id and JSON, 5 files, 6 id of the one that it replaces, '' where the number is free.
local known = redis.call('GET', KEYS[2])
if known and tonumber(known) > tonumber(ARGV[1]) then return 'SCHEMA' end
local all = redis.call('HGETALL', KEYS[1])
local id = ''
for i = 1, #all, 2 do
  if all[i] == ARGV[2] then id = string.match(all[i + 1], '^%S+') end
end
if id ~= ARGV[6] then return 'CONFLICT' end
if id ~= '' then redis.call('DEL', KEYS[4]) end
if ARGV[5] ~= '' then redis.call('SET', KEYS[3], ARGV[5]) end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[2], ARGV[4])
return 'OK'
