// The steps that Redis does in one piece, in Lua (recipe 3c). All keys of a session carry one hash tag, so that a cluster
// keeps them together: data {v: token of the last writer, d: deadline, c: content; none in a tombstone}, lock {t: token
// of the holder, p: its page, a: since when}, queue [token|page]. Page times are the site's, lock times the server's.

import { createHash } from 'node:crypto';

/** How long a turn lasts that nobody renews. */
export const LEASE_MS = 3000;

/** A holder without a connection counts as killed when it has not renewed its turn for so long. */
const GRACE_MS = 100;

/** The server forgets an entry so much after its deadline: the clocks of those who share it may differ by as much. */
const SKEW_MS = 10_000;

/** A queue that nobody asks about any more is forgotten. */
const QUEUE_MS = 10_000;

/** The last writer of a tombstone that an operator made; no token is like it. */
export const REMOVED = 'removed';

/** One script, and the name under which the server remembers it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

function script(...parts: readonly string[]): Script {
  const text = parts.join('\n');
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** What data holds, and how it ends. A deadline of 0: never. */
const DATA = `
local data = KEYS[1]
local function entryThere()
  local entry = redis.call('HMGET', data, 'v', 'd')
  entry[3] = redis.call('HEXISTS', data, 'c') == 1
  return entry
end
local function isLive(entry, now)
  return entry[2] and entry[3] and (entry[2] == '0' or tonumber(entry[2]) > tonumber(now))
end
local function endAt(key, deadline, now)
  if deadline == '0' then redis.call('PERSIST', key)
  else redis.call('PEXPIRE', key, math.max(0, deadline - now) + ${SKEW_MS}) end
end
local function put(key, writer, content, deadline, now)
  redis.call('HSET', key, 'v', writer, 'd', deadline, 'c', content)
  endAt(key, deadline, now)
end`;

/**
 * Turns. A token is 'process:number'; each process listens to one channel at each server, whose beginning is the last
 * argument of every script.
 */
const TURNS = `
local lock, queue = KEYS[2], KEYS[3]
local token, page, channels = ARGV[1], ARGV[2], ARGV[#ARGV]
local me = token .. '|' .. page
local function serverTime()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
local function channelOf(holder)
  return channels .. string.match(holder, '^[^:]+')
end
local function isKilled(holder)
  return ${LEASE_MS} - redis.call('PTTL', lock) > ${GRACE_MS}
    and redis.call('PUBSUB', 'NUMSUB', channelOf(holder))[2] == 0
end
local function hold(holder, itsPage)
  redis.call('HSET', lock, 't', holder, 'p', itsPage, 'a', serverTime())
  redis.call('PEXPIRE', lock, ${LEASE_MS})
end
-- Gives the turn, with the data, to the first waiter that still listens.
local function passOn()
  while true do
    local waiter = redis.call('LPOP', queue)
    if not waiter then redis.call('DEL', lock) return end
    local holder, itsPage = string.match(waiter, '^([^|]+)|(.*)$')
    local entry = redis.call('HMGET', data, 'v', 'd', 'c')
    local message = table.concat({ holder, string.match(data, '{(.*)}:s$'), entry[1] or '', entry[2] or '',
      entry[3] and '+' .. entry[3] or '' }, '\\n')
    if redis.call('PUBLISH', channelOf(holder), message) > 0 then
      hold(holder, itsPage)
      return
    end
  end
end`;

/**
 * Wins the turn and reads, or stands in the queue. Asking again with the same token changes nothing.
 * More arguments: now, '1' if an absent key gets a turn. Gives [0, page, held ms] or [1, v, d, c] or [2]: absent.
 */
const take = script(
  DATA,
  TURNS,
  `
local now, begins = ARGV[3], ARGV[4] == '1'
local held = redis.call('HMGET', lock, 't', 'p', 'a')
if held[1] and held[1] ~= token and not isKilled(held[1]) then
  if not redis.call('LPOS', queue, me) then redis.call('RPUSH', queue, me) end
  redis.call('PEXPIRE', queue, ${QUEUE_MS})
  return {0, held[2], serverTime() - held[3]}
end
redis.call('LREM', queue, 0, me)
local entry = redis.call('HMGET', data, 'v', 'd', 'c')
if not begins and not entry[2] then
  if held[1] then passOn() end
  return {2}
end
hold(token, page)
return {1, entry[1], entry[2], entry[3]}`,
);

/** Gives up waiting; a turn that was given meanwhile goes to the next. */
const leave = script(
  DATA,
  TURNS,
  `
redis.call('LREM', queue, 0, me)
if redis.call('HGET', lock, 't') == token then passOn() end
return 1`,
);

/**
 * Makes a change if the turn is still ours, and passes the turn on. A turn that ran out is still ours as long as nobody
 * else took it or wrote. More arguments: now, version that was read, kind, deadline, content. More keys: where a move
 * or something damaged goes.
 */
const commit = script(
  DATA,
  TURNS,
  `
local now, version, kind, deadline, content = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local holder = redis.call('HGET', lock, 't')
local entry = entryThere()
if holder ~= token and (holder or (entry[1] or '') ~= version) then return 'lost' end
-- In place: while a cluster moves the slot, a key that is deleted cannot be made again.
local function bury(writer)
  redis.call('HSET', data, 'v', writer, 'd', deadline)
  redis.call('HDEL', data, 'c')
  endAt(data, deadline, now)
end
local function change()
  if kind == 'create' then put(data, token, content, deadline, now)
  elseif kind == 'end' then bury(token)
  elseif kind == 'remove' then bury('${REMOVED}')
  elseif kind == 'set-aside' then
    if entry[2] then redis.call('RENAME', data, KEYS[4]) endAt(KEYS[4], deadline, now) end
  elseif kind ~= 'keep' then
    if not isLive(entry, now) then return false end
    if kind == 'touch' then
      redis.call('HSET', data, 'd', deadline)
      endAt(data, deadline, now)
    elseif kind == 'write' then put(data, token, content, deadline, now)
    elseif kind == 'retire' then bury(token)
    elseif kind == 'move' then
      put(KEYS[4], token, content, ARGV[8], now)
      bury(token)
    end
  end
  return true
end
local outcome = change() and 'done' or 'gone'
passOn()
return outcome`,
);

/** Prolongs the lease of a turn that is still ours. Keys: lock. Arguments: token. */
const renew = script(`
if redis.call('HGET', KEYS[1], 't') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ${LEASE_MS})`);

/** Moves the deadline of a live entry. Keys: data. Arguments: deadline, now. */
const touch = script(
  DATA,
  `
if not isLive(entryThere(), ARGV[2]) then return 0 end
redis.call('HSET', data, 'd', ARGV[1])
endAt(data, ARGV[1], ARGV[2])
return 1`,
);

/** Begins an entry. Keys: data. Arguments: writer, content, deadline, now. */
const create = script(DATA, 'put(data, ARGV[1], ARGV[2], ARGV[3], ARGV[4]) return 1');

/** Reads entries. Keys: data of each. Gives [v, d, c] of each. */
const readAll = script(`
local entries = {}
for key = 1, #KEYS do entries[key] = redis.call('HMGET', KEYS[key], 'v', 'd', 'c') end
return entries`);

/**
 * Removes what is past its deadline and in nobody's hands, how many entries. Keys: data and lock of each. Arguments: now.
 */
const removeOver = script(`
local removed = 0
for key = 1, #KEYS, 2 do
  local deadline = redis.call('HGET', KEYS[key], 'd')
  if deadline and deadline ~= '0' and tonumber(deadline) <= tonumber(ARGV[1])
    and redis.call('EXISTS', KEYS[key + 1]) == 0 then
    removed = removed + redis.call('DEL', KEYS[key])
  end
end
return removed`);

export const SCRIPTS = { take, leave, commit, renew, touch, create, readAll, removeOver } as const;
