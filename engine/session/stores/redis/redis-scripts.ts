// The steps that Redis does in one piece, in Lua. All names of a key carry one hash tag, so that a cluster keeps them on one
// server: entry {v: token of the last writer, d: deadline, c: text}, lock {t: token of the holder, p: its page, a: since when},
// queue [token|page]. The first arguments of a script are its keys; the last one is the beginning of this server's channels.

import { createHash } from 'node:crypto';
import { LEASE_MS } from '../locking/store-driver.ts';

/** A holder without a connection counts as killed when it has not renewed its lease for so long. */
const GRACE_MS = 100;

/** A queue of requests that ask no more is forgotten. */
const QUEUE_MS = 10_000;

/** One script, and the name under which the server remembers it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

function script(...parts: readonly string[]): Script {
  const text = parts.join('\n');
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** A time to live of 0: for ever. */
const PUT = `
local function endIn(key, ttl)
  if ttl == '0' then redis.call('PERSIST', key) else redis.call('PEXPIRE', key, ttl) end
end
local function put(key, writer, deadline, ttl, text)
  redis.call('HSET', key, 'v', writer, 'd', deadline, 'c', text)
  endIn(key, ttl)
end`;

/** A token is 'process:number'; each process listens to one channel at each server. */
const LOCK = `
local entry, lock, queue = KEYS[1], KEYS[2], KEYS[3]
local token, channels = ARGV[1], ARGV[#ARGV]
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
local function hold(holder, page)
  redis.call('HSET', lock, 't', holder, 'p', page, 'a', serverTime())
  redis.call('PEXPIRE', lock, ${LEASE_MS})
end
-- Hands the lock, with the entry, over to the first request in the queue whose process still listens.
local function passOn()
  while true do
    local request = redis.call('LPOP', queue)
    if not request then redis.call('DEL', lock) return end
    local holder, page = string.match(request, '^([^|]+)|(.*)$')
    local there = redis.call('HMGET', entry, 'v', 'd', 'c')
    local key = string.gsub(string.match(entry, '{(.*):s$'), '}', '')
    local message = table.concat({ holder, key, there[1] or '', there[2] or '', there[3] or '' }, '\\n')
    if redis.call('PUBLISH', channelOf(holder), message) > 0 then
      hold(holder, page)
      return
    end
  end
end`;

/**
 * Acquires the lock and reads, or enters the request into the queue. More arguments: page, '1' if an entry may begin. Gives
 * [v, d, c], or [page, held ms] of the holder, or 0: absent.
 */
export const ACQUIRE = script(
  LOCK,
  `
local page, me = ARGV[2], token .. '|' .. ARGV[2]
local held = redis.call('HMGET', lock, 't', 'p', 'a')
if held[1] and held[1] ~= token and not isKilled(held[1]) then
  if not redis.call('LPOS', queue, me) then redis.call('RPUSH', queue, me) end
  redis.call('PEXPIRE', queue, ${QUEUE_MS})
  return {held[2], serverTime() - held[3]}
end
redis.call('LREM', queue, 0, me)
local there = redis.call('HMGET', entry, 'v', 'd', 'c')
if ARGV[3] ~= '1' and not there[2] then
  if held[1] then passOn() end
  return 0
end
hold(token, page)
return there`,
);

/** Gives a request for the lock up; if it has the lock by now, the next request gets it. More arguments: page. */
export const LEAVE = script(
  LOCK,
  `
redis.call('LREM', queue, 0, token .. '|' .. ARGV[2])
if redis.call('HGET', lock, 't') == token then passOn() end
return 1`,
);

/**
 * Makes a change if the lock is still ours, and passes it on. A lease that ended is still ours as long as the lock is free and
 * nobody wrote. More arguments: version that was read, kind of change ('replace': put over an entry that is there), deadline,
 * time to live, text. One more key: where quarantined entries go. Gives a number of OUTCOMES.
 */
export const RELEASE = script(
  PUT,
  LOCK,
  `
local version, kind, deadline, ttl = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local holder = redis.call('HGET', lock, 't')
if holder ~= token and (holder or (redis.call('HGET', entry, 'v') or '') ~= version) then return 2 end
local outcome = 0
if (kind == 'replace' or kind == 'touch') and redis.call('HEXISTS', entry, 'd') == 0 then outcome = 1
elseif kind == 'replace' or kind == 'put' then put(entry, token, deadline, ttl, ARGV[6])
elseif kind == 'touch' then redis.call('HSET', entry, 'd', deadline) endIn(entry, ttl)
elseif kind == 'remove' then redis.call('DEL', entry)
elseif kind == 'quarantine' and redis.call('EXISTS', entry) == 1 then
  redis.call('RENAME', entry, KEYS[4])
  redis.call('HSET', KEYS[4], 'd', deadline)
  endIn(KEYS[4], ttl)
end
passOn()
return outcome`,
);

export const OUTCOMES = ['done', 'gone', 'lost'] as const;

/** Prolongs the lease of a lock that is still ours. Keys: lock. Arguments: token. */
export const RENEW = script(`
if redis.call('HGET', KEYS[1], 't') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ${LEASE_MS})`);

/** Moves a deadline that is still what it was. Keys: entry. Arguments: deadline, time to live, what it was. */
export const TOUCH = script(
  PUT,
  `
if redis.call('HGET', KEYS[1], 'd') ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'd', ARGV[1])
endIn(KEYS[1], ARGV[2])
return 1`,
);

/** Puts an entry where none is. Keys: entry. Arguments: writer, deadline, time to live, text. */
export const ADD = script(
  PUT,
  `
if redis.call('HEXISTS', KEYS[1], 'd') == 1 then return 0 end
put(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4])
return 1`,
);

/** Removes an entry that is not locked, if its deadline is still what it was. Keys: entry, lock. Arguments: deadline. */
export const REMOVE_EXPIRED = script(`
if redis.call('HGET', KEYS[1], 'd') ~= ARGV[1] or redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
return redis.call('DEL', KEYS[1])`);
