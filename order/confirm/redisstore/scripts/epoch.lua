-- epoch: KEYS 1 epoch, 2 schema number. ARGV 1 the id that it gets where there is none, 2 our schema number. The client may
-- ask again after a lost reply: the epoch with its own id is then still the one that it made.
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
redis.call('SET', KEYS[2], ARGV[2], 'NX')
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. string.format('%.0f', now), 'NX')
return redis.call('GET', KEYS[1])
