-- stats: KEYS 1 age, 2 to 5 the orders that are not done by state. The time, the First of the oldest or "", and the counts.
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local first = oldest[2] and string.format('%.0f', tonumber(oldest[2])) or ''
local out = {string.format('%.0f', now), first}
for i = 2, 5 do out[#out + 1] = string.format('%.0f', redis.call('ZCARD', KEYS[i])) end
return out
