// Scripts in Lua, which Redis runs atomically. They work on the three names of a key:
//   entry  a hash {v: version, which is the token of the last writer; d: deadline; c: text}
//   lock   a hash {t: token of the holder; p: its page; a: time of the acquisition}, which expires with the lease
//   queue  a list of 'token|page'
// The last argument of every script is the beginning of the channel names of this server.

import { createHash } from 'node:crypto';
import { LEASE_MS } from '../locking/store-driver.ts';

/** The time without a renewal after which a holder counts as dead if its process is not connected. */
const GRACE_MS = 100;

/** A queue that no request asks about any more is removed. */
const QUEUE_MS = 10_000;

/** A script, and the SHA-1 under which the server caches it. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

function script(...parts: readonly string[]): Script {
  const text = parts.join('\n');
  return { text, sha: createHash('sha1').update(text).digest('hex') };
}

/** A time to live of 0 means for ever. */
const PUT = `
local function endIn(key, ttl)
  if ttl == '0' then redis.call('PERSIST', key) else redis.call('PEXPIRE', key, ttl) end
end
local function put(key, writer, deadline, ttl, text)
  redis.call('HSET', key, 'v', writer, 'd', deadline, 'c', text)
  endIn(key, ttl)
end`;

/** A token is 'process:number'. Each process subscribes to one channel of each server. */
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
local function isDead(holder)
  return ${LEASE_MS} - redis.call('PTTL', lock) > ${GRACE_MS}
    and redis.call('PUBSUB', 'NUMSUB', channelOf(holder))[2] == 0
end
local function hold(holder, page)
  redis.call('HSET', lock, 't', holder, 'p', page, 'a', serverTime())
  redis.call('PEXPIRE', lock, ${LEASE_MS})
end
-- Hands the lock, with the entry, over to the first request of the queue whose process is subscribed.
local function handOver()
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
 * Acquires the lock and reads the entry, or puts the request into the queue. Arguments: token, page, '1' if an entry may be created.
 * Returns [v, d, c]; or [page, milliseconds] of the holder; or 0 if there is no entry and none may be created.
 */
export const ACQUIRE = script(
  LOCK,
  `
local page, me = ARGV[2], token .. '|' .. ARGV[2]
local held = redis.call('HMGET', lock, 't', 'p', 'a')
if held[1] and held[1] ~= token and not isDead(held[1]) then
  if not redis.call('LPOS', queue, me) then redis.call('RPUSH', queue, me) end
  redis.call('PEXPIRE', queue, ${QUEUE_MS})
  return {held[2], serverTime() - held[3]}
end
redis.call('LREM', queue, 0, me)
local there = redis.call('HMGET', entry, 'v', 'd', 'c')
if ARGV[3] ~= '1' and not there[2] then
  if held[1] then handOver() end
  return 0
end
hold(token, page)
return there`,
);

/** Removes a request from the queue. If it holds the lock, the next request gets it. Arguments: token, page. */
export const CANCEL = script(
  LOCK,
  `
redis.call('LREM', queue, 0, token .. '|' .. ARGV[2])
if redis.call('HGET', lock, 't') == token then handOver() end
return 1`,
);

/**
 * Makes a change if the lock is held, and hands the lock over. A lease that has expired counts as held if the lock is free and the
 * version of the entry is the one that was read. Arguments: token, that version, kind of change ('replace': only if there is an
 * entry), deadline, time to live, text. One more name: that of the entry in quarantine. Returns an index of OUTCOMES.
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
handOver()
return outcome`,
);

export const OUTCOMES = ['done', 'gone', 'lost'] as const;

/** Renews the lease if the lock is held. Arguments: token. */
export const RENEW = script(`
if redis.call('HGET', KEYS[2], 't') ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[2], ${LEASE_MS})`);

/** Sets the deadline if it has not changed. Names: entry. Arguments: deadline, time to live, the deadline before. */
export const TOUCH = script(
  PUT,
  `
if redis.call('HGET', KEYS[1], 'd') ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'd', ARGV[1])
endIn(KEYS[1], ARGV[2])
return 1`,
);

/** Creates an entry if there is none. Names: entry. Arguments: version, deadline, time to live, text. */
export const ADD = script(
  PUT,
  `
if redis.call('HEXISTS', KEYS[1], 'd') == 1 then return 0 end
put(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4])
return 1`,
);
