-- list: KEYS 1 due, 2 due of those that are not trusted, 3.. records. ARGV the order ids of these. What reply of record.lua tells
-- of each; one that is not there is an empty list.
local clock = redis.call('TIME')
local now = string.format('%.0f', tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000))
local out = {}
for i = 1, #ARGV do
  local flat = redis.call('HGETALL', KEYS[i + 2])
  if #flat > 0 then
    table.insert(flat, 1, now)
    local due = redis.call('ZSCORE', KEYS[1], ARGV[i]) or redis.call('ZSCORE', KEYS[2], ARGV[i])
    if due then
      flat[#flat + 1] = 'due'
      flat[#flat + 1] = string.format('%.0f', tonumber(due))
    end
  end
  out[i] = flat
end
return out
