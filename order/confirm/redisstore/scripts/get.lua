-- get: nothing more than the order id.
local r = load()
if not r then return {'GONE'} end
return reply('OK', r)
