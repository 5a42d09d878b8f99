// Error codes of sessions: their use in pages, locks, and stores.

import type { CodeTable } from '../code-entry.ts';

export const sessionCodes = {
  'session-attribute-missing': {
    text: "this session has no attribute '{attribute}'",
    remedy: `Set it first, test with s.has('{attribute}'), or read it with s.get('{attribute}', fallback). The session may also have expired: its timeouts are in "session" of the configuration.`,
  },
  'session-ended': {
    text: 'this session has ended, so nothing more can be stored in it: it was closed, it has expired, or it continues under a new id',
    remedy:
      'Load the page again. After s.close(), call Session() again for a new session. At a login, call s.regenerate() before the page stores anything.',
    status: 409,
  },
  'session-name-reserved': {
    text: "'{name}' is a member of every session: it can neither be assigned as data nor deleted",
    remedy: "Write s.set('{name}', 5) and read it with s.get('{name}'), or choose another name.",
  },
  'session-name-symbol': {
    text: 'the name of a session attribute must be a string, not a symbol',
    remedy: 'Use a string as the name.',
  },
  'session-read-only': {
    text: '{path} cannot be changed, because the session was opened with read_only',
    remedy: 'Call Session() without read_only, or make the change in s.update(d => { … }).',
  },
  'session-timeout-invalid': {
    text: "the timeout of session attribute '{attribute}' must be a number of seconds above 0",
    remedy:
      'Give seconds: s.set(key, value, { timeout: 60 }). Without a timeout, the attribute lasts as long as its session.',
  },
  'session-cookie-invalid': {
    text: "'{name}' is not a setting of s.cookie, or its value has the wrong type: expected {expected}",
    remedy:
      'The settings of s.cookie are path, domain, secure, http_only, same_site and timeout. The name is configured for all sessions.',
  },
  'session-cookie-refused': {
    text: 'browsers would drop the session cookie {cookie}: it must be {expected}',
    remedy:
      'Leave s.cookie as it is configured, or choose a session.cookie.name without "__Host-" or "__Secure-".',
  },
  'session-update-async': {
    text: 'the function given to s.update() must be synchronous, but it returned a promise',
    remedy: 'Await before s.update(), and only change the data inside the function.',
  },
  'session-lock-missing': {
    text: 'Session() was called by a page for which no session lock was acquired',
    remedy: 'If a page that uses Session is included by a computed path, await it: await Include(path).',
  },
  'session-response-begun': {
    text: '{what} needs the session cookie, and the response has begun: RESPONSE.flush() was called',
    remedy:
      'Do it before the first RESPONSE.flush(). To begin a session, calling Session() there is enough. If session.cookie.when is "write", set the first attribute there.',
  },
  'session-cookie-too-big': {
    text: 'the session does not fit into its cookie, which would have {size} bytes, expected at most {most}; the biggest attributes: {biggest}',
    remedy:
      'Store less (the id of a record instead of the record), or choose another store: persistent_session true keeps sessions in files.',
  },
  'sessions-in-cookies': {
    text: "sessions are kept in the visitors' own cookies, so the server has none to list or delete",
    remedy:
      'They end by session.timeout and session.max_age; a changed secret in persistent_session ends all of them at once.',
  },
  'session-value-unstorable': {
    text: '{path} holds {type}, which cannot be stored outside memory',
    remedy:
      'A persistent session stores the values of JSON, and Date, Map, Set, BigInt and undefined, without properties of their own. Store plain data, and build other objects from them.',
  },
  'session-too-big': {
    text: '{path} holds {type}, which makes the session too big to be stored outside memory: at most {limit}',
    remedy:
      'Store less (the id of a record instead of the record). An array has a hole for each index below the highest one, so use a Map or an object for numbers that a visitor enters.',
  },
  'session-locked': {
    text: "another request of this session did not end within {timeout} s: page '{page}' has held it for {held} s",
    remedy:
      'In that page, call s.save() before a long await, or open the session with read_only. Or raise session.lock_timeout.',
    status: 503,
  },
  'session-lock-lost': {
    text: 'this request lost the lock of its session to another one, so nothing was written',
    remedy:
      'Load the page again. Lock files of a running server must not be removed, and their folder must not be on a network disk.',
    status: 503,
  },
  'session-visitor-left': {
    text: 'the client disconnected while the request waited for the lock of its session',
    remedy: 'Nothing needs to be done: the page did not run.',
    status: 499,
  },
  'session-store-unknown': {
    text: "there is no session store '{store}'; known: {known}",
    remedy: 'Name one of them in persistent_session. true is the JSON store, false is memory.',
  },
  'session-store-option': {
    text: "option '{option}' of the session store '{store}' must be {expected}",
    remedy: 'Correct persistent_session in the configuration.',
  },
  'session-store-failed': {
    text: 'the session store failed: {reason}',
    remedy:
      'Check whether the disk is full (ENOSPC) or read-only (EROFS), whether this process may write to the folder of the sessions (EACCES), and how many files it may open (EMFILE: ulimit -n).',
  },
  'session-unreadable': {
    text: 'the stored session {key} cannot be read, and could not be put into quarantine',
    remedy: 'Delete the session: karrigell sessions delete {key}',
  },
  'session-store-module': {
    text: 'this module is no session store: {reason}',
    remedy:
      'Its default export must be a function that returns a store with lock, load() and replace(), or lock, load(), save() and delete(). The types EntryStore and OpenOwnStore of karrigell describe it.',
  },
  'session-store-package': {
    text: "the package '{module}' exports no store for express-session",
    remedy:
      'Name a package that exports one. Or write a module that makes the store, and give its path as "store".',
  },
  'session-store-open': {
    text: "the session store '{store}' could not be opened: {reason}",
    remedy: 'Correct the store or its options in persistent_session.',
  },
  'session-store-threw': {
    text: "the session store '{store}' failed in {method}(): {reason}",
    remedy:
      "Correct the store. To report that its system cannot be reached, throw an error with the code 'session-store-unavailable'.",
  },
  'session-store-unlisted': {
    text: "the session store '{store}' cannot list what it keeps",
    remedy:
      'Add a method list() to the store, or use the tools of the system in which it keeps the sessions.',
  },
  'session-driver-missing': {
    text: "the session store '{store}' needs the package '{driver}', which is not installed",
    remedy: 'Run: npm install {driver}',
  },
  'session-store-unavailable': {
    text: 'the session store cannot be reached: {reason}',
    remedy:
      'Start it, or correct its address in persistent_session. The server checks in the background whether the store can be reached again. Until then, requests that need a session fail at once; pages without sessions are not affected.',
    status: 503,
  },
  'session-server-refused': {
    text: 'the session server refused a command: {reason}',
    remedy: 'Check whether its memory is full, and read its log.',
  },
  'session-over-server-limit': {
    text: 'this session has {size} bytes, more than its server accepts as one value',
    remedy: 'Store less, or raise the limit of the server: memcached -I 4m (the default is 1m).',
  },
  'session-database-refused': {
    text: 'the session database refused a statement: {reason}',
    remedy: 'Check the url in persistent_session, and whether its user may read and write the table.',
  },
  'session-table-missing': {
    text: "the session database has no table '{table}', and auto_create is false",
    remedy: 'Set auto_create to true, or create the table: {sql}',
  },
  'session-key-ambiguous': {
    text: "'{key}' is the beginning of several session keys: {keys}",
    remedy: 'Give more of its digits. `karrigell sessions list --full` shows all of them.',
  },
  'session-key-invalid': {
    text: "'{key}' is neither the key of a stored session nor the beginning of one: expected 1 to 64 of the digits 0-9 and a-f",
    remedy:
      '`karrigell sessions list` shows the keys. A key is the SHA-256 of the id in the cookie of a visitor.',
  },
  'sessions-in-use': {
    text: '{kept} sessions were not deleted, because running pages hold their locks; {removed} were deleted',
    remedy: 'Run the command again when the pages have ended.',
  },
} as const satisfies CodeTable;
