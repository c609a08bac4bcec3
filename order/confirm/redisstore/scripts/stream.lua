-- stream: ARGV 2 SHA, 3 event id, 4 event type, 5 body, 6 attempt. The entry and the fact are one step: KEYS 12 is the
-- stream. The entry comes first, so that a stream that cannot take it leaves the record as it was.
local r = load() or fresh('PENDING')
local new = base(r) ~= 'ACKED'
local word = hand(r, ARGV[2], '', '', '')
if word ~= 'OK' then return {word} end
if new then entry(ARGV[3], ARGV[4], ID, ARGV[5], ARGV[6]) end
save(r)
return {'OK'}
