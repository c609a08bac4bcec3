-- due: KEYS 1 due, 2 due of those that are not trusted. ARGV 1 how many of each at most.
local clock = redis.call('TIME')
local now = string.format('%.0f', tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000))
local function first(set) return redis.call('ZRANGEBYSCORE', set, '-inf', now, 'LIMIT', 0, ARGV[1]) end
return {first(KEYS[1]), first(KEYS[2])}
