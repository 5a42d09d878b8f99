// Error codes of sessions: what pages do with them, taking turns, and the stores.

import type { CodeTable } from '../code-entry.ts';

export const sessionCodes = {
  'session-attribute-missing': {
    text: "this session has no attribute '{attribute}'",
    remedy: `Set it first, ask with '{attribute}' in s or s.has('{attribute}'), or read it with s.get('{attribute}', fallback). The session may also have ended: timeouts are in "session" of the configuration.`,
  },
  'session-ended': {
    text: 'this session has ended (it was closed, has expired or goes on under a new id): nothing more can be stored in it',
    remedy:
      'Load the page again. After s.close() call Session() again to begin a new session; a login calls s.regenerate() before it stores anything.',
    status: 409,
  },
  'session-name-reserved': {
    text: "'{name}' is a member of every session: it can neither be assigned as data nor deleted",
    remedy: "Write s.set('{name}', 5) and read it with s.get('{name}'), or choose another name.",
  },
  'session-name-symbol': {
    text: 'a session attribute is named by a string, not by a symbol',
    remedy: 'Choose a string as its name.',
  },
  'session-read-only': {
    text: '{path} cannot be changed: the session was opened with read_only',
    remedy: 'Call Session() without read_only, or make the change in s.update(d => { … }).',
  },
  'session-timeout-invalid': {
    text: "the timeout of session attribute '{attribute}' must be a number of seconds above 0",
    remedy: 'Give seconds: s.set(key, value, { timeout: 60 }); leave it out for none.',
  },
  'session-cookie-invalid': {
    text: "'{name}' is not a setting of s.cookie, or its value has the wrong type: expected {expected}",
    remedy:
      'Settings of one session: path, domain, secure, http_only, same_site, timeout. The name is configured for all.',
  },
  'session-cookie-refused': {
    text: 'browsers would drop the session cookie {cookie}: it must be {expected}',
    remedy:
      'Leave s.cookie as it is configured, or choose a session.cookie.name without "__Host-" or "__Secure-".',
  },
  'session-update-async': {
    text: 'the function given to s.update() must be synchronous, but it returned a promise',
    remedy: 'Await before s.update(), and only change the data inside it.',
  },
  'session-lock-missing': {
    text: 'Session() was called by a page whose turn had not been taken',
    remedy:
      'A page that is included by a computed path and uses Session must be awaited: await Include(path).',
  },
  'session-response-begun': {
    text: '{what} needs the session cookie, and the response has begun: RESPONSE.flush() was called',
    remedy:
      'Do it before the first RESPONSE.flush(). There a call of Session() is enough to begin a session, or the first attribute, if session.cookie.when is "write".',
  },
  'session-cookie-too-big': {
    text: 'the session does not fit into its cookie, which would have {size} bytes, expected at most {most}; the biggest attributes: {biggest}',
    remedy:
      'Keep less in it (the id of a record instead of the record), or choose another store: persistent_session true keeps files.',
  },
  'sessions-in-cookies': {
    text: "sessions are kept in the visitors' own cookies, so there are none here to look after",
    remedy:
      'They end by session.timeout and session.max_age; a changed secret in persistent_session ends all of them at once.',
  },
  'session-value-unstorable': {
    text: '{path} holds {type}, which cannot be kept outside memory',
    remedy:
      'A persistent session keeps what JSON has, and Date, Map, Set, BigInt and undefined, without properties of their own. Store plain data and build the rest from it.',
  },
  'session-too-big': {
    text: '{path} holds {type}, which makes the session too big to be kept outside memory: at most {limit}',
    remedy:
      'Keep less in it (the id of a record instead of the record). A list has a hole for each index before the one that is set: for numbers that a visitor gives, use a Map or an object.',
  },
  'session-locked': {
    text: "another request of this session did not end within {patience} s: page '{page}' has held it for {held} s",
    remedy: 'Call s.save() before a long await, open it with read_only, or raise session.lock_timeout.',
    status: 503,
  },
  'session-lock-lost': {
    text: 'this request lost its turn of the session to another one, so nothing was written',
    remedy:
      'Load the page again. Nobody may remove lock files of a running server, nor share their folder over a network disk.',
    status: 503,
  },
  'session-visitor-left': {
    text: 'the visitor left while the request waited for its session',
    remedy: 'Nothing to do: the page was not run.',
    status: 499,
  },
  'session-store-unknown': {
    text: "there is no session store '{store}'; known: {known}",
    remedy: 'Name one of them in persistent_session, or give true for the JSON store and false for memory.',
  },
  'session-store-option': {
    text: "option '{option}' of the session store '{store}' must be {expected}",
    remedy: 'Correct persistent_session in the configuration.',
  },
  'session-store-failed': {
    text: 'the session store failed: {reason}',
    remedy:
      'See whether the disk is full (ENOSPC) or read-only (EROFS), whether this process may write to the place of the sessions (EACCES), and how many files it may open (EMFILE: ulimit -n).',
  },
  'session-unreadable': {
    text: 'the stored session {key} cannot be read, and could not be set aside',
    remedy: 'Delete it: karrigell sessions delete {key}',
  },
  'session-store-module': {
    text: 'this module is no session store: {reason}',
    remedy:
      'Its default export is a function that gives a store with lock, load() and replace(), or load(), save() and delete(). The types EntryStore and OpenOwnStore of karrigell say it all.',
  },
  'session-store-package': {
    text: "the package '{module}' exports no store for express-session",
    remedy:
      'Name a package that is one, or write a module of your own that makes the store, and give its path as "store".',
  },
  'session-store-open': {
    text: "the session store '{store}' could not be opened: {reason}",
    remedy: 'Correct the store or its options in persistent_session.',
  },
  'session-store-threw': {
    text: "the session store '{store}' failed in {method}(): {reason}",
    remedy:
      "Correct the store. An error whose code is 'session-store-unavailable' says that it cannot be reached.",
  },
  'session-store-unlisted': {
    text: "the session store '{store}' cannot list what it keeps",
    remedy: 'Give it a list(), or look after the sessions with the tools of what it keeps them in.',
  },
  'session-driver-missing': {
    text: "the session store '{store}' needs the package '{driver}', which is not installed",
    remedy: 'Run: npm install {driver}',
  },
  'session-store-unavailable': {
    text: 'the session store cannot be reached: {reason}',
    remedy:
      'Start it, or correct its address in persistent_session. It is tried again with every request; pages without sessions go on.',
    status: 503,
  },
  'session-server-refused': {
    text: 'the session server refused a command: {reason}',
    remedy: 'See whether its memory is full and what its own log says.',
  },
  'session-over-server-limit': {
    text: 'this session has {size} bytes, more than its server keeps as one value',
    remedy: 'Keep less in it, or raise the limit of the server: memcached -I 4m (1m is its default).',
  },
  'session-database-refused': {
    text: 'the session database refused: {reason}',
    remedy: 'See that the url in persistent_session is right and that its user may read and write the table.',
  },
  'session-table-missing': {
    text: "the session database has no table '{table}', and auto_create is false",
    remedy: 'Set auto_create to true, or make the table: {sql}',
  },
  'session-key-ambiguous': {
    text: "'{key}' is the beginning of several session ids: {keys}",
    remedy: 'Give more of it; `karrigell sessions list --full` shows all.',
  },
  'session-key-invalid': {
    text: "'{key}' is no id of a stored session, nor the beginning of one: expected 1 to 64 of the digits 0-9 and a-f",
    remedy:
      '`karrigell sessions list` shows them: they are the SHA-256 of what visitors have in their cookies.',
  },
  'sessions-in-use': {
    text: 'pages that still run kept {kept} of the sessions; {removed} were deleted',
    remedy: 'Run it again.',
  },
} as const satisfies CodeTable;
