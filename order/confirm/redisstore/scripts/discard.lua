-- discard: nothing more than the order id.
local r = load()
if not r then return {'OK'} end
if r.known then return {'SHOWN'} end
if leased(r) then return {'BUSY'} end
erase()
return {'OK'}
