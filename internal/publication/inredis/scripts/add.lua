-- add: KEYS 1 publications, 2 schema number, 3 files of the new one, then the files of those that are dropped. ARGV 1 our schema
-- number, 2 number, 3 id, 4 id and JSON, 5 files, 6 id of the newest that the caller knows, then the numbers of those dropped.
-- The client may ask again after a lost reply: the newest is then the one that it adds.
local known = redis.call('GET', KEYS[2])
if known and tonumber(known) > tonumber(ARGV[1]) then return 'SCHEMA' end
local all = redis.call('HGETALL', KEYS[1])
local newest, id = 0, ''
for i = 1, #all, 2 do
  local n = tonumber(all[i])
  if n > newest then
    newest = n
    id = string.match(all[i + 1], '^%S+')
  end
end
if id == ARGV[3] then return 'OK' end
if id ~= ARGV[6] then return 'CONFLICT' end
if ARGV[5] ~= '' then redis.call('SET', KEYS[3], ARGV[5]) end
redis.call('SET', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[2], ARGV[4])
for i = 7, #ARGV do redis.call('HDEL', KEYS[1], ARGV[i]) end
for i = 4, #KEYS do redis.call('DEL', KEYS[i]) end
return 'OK'
