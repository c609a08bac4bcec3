-- snapshot: get with the frozen body, which comes as the third member; "0" before it, and nothing in it, where there is none.
local r = load()
if not r then return {'GONE'} end
local body = redis.call('GET', BODY)
local out = reply('OK', r)
table.insert(out, 3, body or '')
table.insert(out, 3, body and '1' or '0')
return out
