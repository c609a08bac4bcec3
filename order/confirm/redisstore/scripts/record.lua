-- What every script of one order begins with. All keys of a merchant lie in one slot.
--
-- KEYS 1 record (hash), 2 frozen body (string), 3 due, 4 park (order ids by time), 5 age (those not acknowledged, by the
-- time First), 6 to 9 the orders that are not done by state, PENDING, HANDED, ACKED, PARKED (all with score 0, so that
-- they lie by id), 10 due of those that are not trusted, 11 age of those that nobody knows, 12 the stream, where a script
-- needs it. ARGV 1 is the order id.
local ID = ARGV[1]
local REC, BODY, DUE, PARK, AGE = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local OTHERS, UNKNOWN = KEYS[10], KEYS[11]
local IN = {PENDING = KEYS[6], HANDED = KEYS[7], ACKED = KEYS[8], PARKED = KEYS[9]}
local STATES = {'PENDING', 'HANDED', 'ACKED', 'PARKED'}
local FIELDS = {'st', 'prev', 'err', 'own', 'lease', 'tok', 'att', 'first', 'ackat', 'known', 'psha', 'rev', 'rcpt',
  'ref1', 'ref2', 'open', 'closed', 'lapses', 'seen', 'rel', 'fault', 'vouch', 'refused', 'made'}
local WORK = {'references', 'capture', 'fraud', 'stop'}
local LIFE = 1209600000 -- 14 days, in ms
local BODY_LIFE = 176400 -- 49 hours, in s

local clock = redis.call('TIME')
local NOW = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function text(v)
  if type(v) == 'number' then return string.format('%.0f', v) end
  return v
end

-- load reads the record with its due time, or nil where there is none; one past its end of life is none.
local function load()
  local flat = redis.call('HGETALL', REC)
  if #flat == 0 then return nil end
  local r = {}
  for i = 1, #flat, 2 do r[flat[i]] = flat[i + 1] end
  if r.lapses and tonumber(r.lapses) <= NOW then return nil end
  r.due = redis.call('ZSCORE', DUE, ID) or redis.call('ZSCORE', OTHERS, ID) or nil
  r.seen = r.seen or r.first -- of a version that did not keep it
  return r
end

local function fresh(state)
  return {st = state, first = NOW, seen = NOW, tok = 0, att = 0, due = NOW}
end

-- base is the state of a record, or of a parked one the state before.
local function base(r)
  if r.st == 'PARKED' then return r.prev end
  return r.st
end

local function learn(r, state)
  if r.st == 'PARKED' then r.prev = state else r.st = state end
end

local function done(r) return r.st == 'ACKED' and (r.open or '') == '' end

-- trusted orders come before the others; nobody knows those that the provider did not show when it was asked.
local function trusted(r) return r.known ~= nil or r.vouch ~= nil end

local function unknown(r) return not trusted(r) and r.err == 'unknown_order' end

-- calm makes the last fault history, where the order got further. Why a parked one is parked stays.
local function calm(r)
  if r.st ~= 'PARKED' then r.err, r.fault = nil, nil end
end

local function leased(r) return r.lease and tonumber(r.lease) > NOW end

local function has(list, work)
  return string.find(' ' .. (list or '') .. ' ', ' ' .. work .. ' ', 1, true) ~= nil
end

-- listed rebuilds a list of work in the order in which it is done, with or without one kind.
local function listed(list, work, wanted)
  local out = {}
  for _, w in ipairs(WORK) do
    if (w == work and wanted) or (w ~= work and has(list, w)) then out[#out + 1] = w end
  end
  return table.concat(out, ' ')
end

-- open opens work that is neither open nor closed, and tells whether it did.
local function open(r, work)
  if has(r.open, work) or has(r.closed, work) then return false end
  r.open = listed(r.open, work, true)
  return true
end

local function close(r, work, refused)
  if refused and not has(r.closed, work) then r.refused = listed(r.refused, work, true) end
  r.open = listed(r.open, work, false)
  r.closed = listed(r.closed, work, true)
end

-- release ends the lease.
local function release(r) r.own, r.lease = nil, nil end

-- anew is a done record that got work: its time and its attempts begin again.
local function anew(r) r.first, r.att, r.due = NOW, 0, NOW end

local function place(set, wanted, score)
  if wanted then redis.call('ZADD', set, text(score), ID) else redis.call('ZREM', set, ID) end
end

-- save writes the record and all its indexes, whatever they were, so that any write heals what was lost of them.
local function save(r)
  local finished = done(r)
  if finished then
    release(r)
    r.due = nil
    r.lapses = r.lapses or NOW + LIFE
  else
    r.lapses = nil
  end
  local set, drop = {}, {}
  for _, f in ipairs(FIELDS) do
    if r[f] == nil or r[f] == '' then
      drop[#drop + 1] = f
    else
      set[#set + 1] = f
      set[#set + 1] = text(r[f])
    end
  end
  redis.call('HSET', REC, unpack(set))
  if #drop > 0 then redis.call('HDEL', REC, unpack(drop)) end
  if finished then redis.call('PEXPIREAT', REC, text(r.lapses)) else redis.call('PERSIST', REC) end
  place(DUE, r.due and trusted(r), r.due)
  place(OTHERS, r.due and not trusted(r), r.due)
  for _, s in ipairs(STATES) do place(IN[s], r.st == s and not finished, 0) end
  if r.st ~= 'PARKED' then
    redis.call('ZREM', PARK, ID)
  else
    redis.call('ZADD', PARK, 'NX', text(NOW), ID)
  end
  if base(r) == 'ACKED' then redis.call('DEL', BODY) end
  local waits = base(r) ~= 'ACKED'
  place(AGE, waits and not unknown(r), r.first)
  place(UNKNOWN, waits and unknown(r), r.first)
end

-- erase drops the record with its body and indexes.
local function erase()
  redis.call('DEL', REC, BODY)
  for _, set in ipairs({DUE, OTHERS, PARK, AGE, UNKNOWN, IN.PENDING, IN.HANDED, IN.ACKED, IN.PARKED}) do redis.call('ZREM', set, ID) end
end

-- reply is what a script answers that tells of the record: a word, the time, and the fields.
local function reply(word, r)
  local out = {word, text(NOW)}
  for _, f in ipairs(FIELDS) do
    if r[f] ~= nil and r[f] ~= '' then
      out[#out + 1] = f
      out[#out + 1] = text(r[f])
    end
  end
  if r.due then
    out[#out + 1] = 'due'
    out[#out + 1] = text(tonumber(r.due))
  end
  return out
end

-- hand is the fact that the sink has taken the body with this SHA. It tells OK, SAME (nothing new) or CONFLICT.
local function hand(r, sha, receipt, ref1, ref2)
  if base(r) ~= 'PENDING' and r.psha then
    if r.psha == sha then return 'SAME' end
    return 'CONFLICT'
  end
  local was = done(r)
  r.psha, r.rcpt, r.ref1, r.ref2, r.known = sha, receipt, ref1, ref2, 1
  if base(r) == 'PENDING' then
    learn(r, 'HANDED')
    calm(r)
  end
  if ref1 ~= '' or ref2 ~= '' then open(r, 'references') end
  if was and not done(r) then anew(r) end
  return 'OK'
end

-- entry appends an event to the stream.
local function entry(id, kind, order, body, attempt)
  redis.call('XADD', KEYS[12], '*', 'webhook-id', id, 'type', kind, 'order_id', order, 'body', body, 'attempt', attempt)
end
