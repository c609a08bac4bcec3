-- stats: KEYS 1 age, 2 age of those that nobody knows, 3 to 6 the orders that are not done by state. The time, the First of the
-- oldest or "", that of the oldest that nobody knows or "", how many of these there are, and the counts by state.
local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local function count(set) return string.format('%.0f', redis.call('ZCARD', set)) end
local function first(set)
  local oldest = redis.call('ZRANGE', set, 0, 0, 'WITHSCORES')
  return oldest[2] and string.format('%.0f', tonumber(oldest[2])) or ''
end
local out = {string.format('%.0f', now), first(KEYS[1]), first(KEYS[2]), count(KEYS[2])}
for i = 3, 6 do out[#out + 1] = count(KEYS[i]) end
return out
