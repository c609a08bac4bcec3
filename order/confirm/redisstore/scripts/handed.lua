-- handed: ARGV 2 SHA, 3 receipt, 4 and 5 the references. A fact, from anyone.
local r = load() or fresh('PENDING')
local word = hand(r, ARGV[2], ARGV[3], ARGV[4], ARGV[5])
if word == 'OK' then save(r) end
return {word}
