// Error codes of sessions: what pages do with them, taking turns, and the stores.

import { codes } from '../code-entry.ts';

export const sessionCodes = codes({
  'session-attribute-missing': {
    text: "this session has no attribute '{attribute}'",
    remedy:
      "Set it first, ask with '{attribute}' in s or s.has('{attribute}'), or read it with s.get('{attribute}', fallback). " +
      'The session may also have ended: timeouts are in "session" of the configuration.',
  },
  'session-ended': {
    text: 'this session has ended (it was closed, has expired or goes on under a new id): nothing more can be stored in it',
    remedy: 'Load the page again; after s.close() call Session() again to begin a new session.',
    status: 409,
  },
  'session-name-reserved': {
    text: "'{name}' is a member of every session and cannot be assigned as data",
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
  'session-update-async': {
    text: 'the function given to s.update() must be synchronous, but it returned a promise',
    remedy: 'Await before s.update(), and only change the data inside it.',
  },
  'session-turn-missing': {
    text: 'Session() was called by a page whose turn had not been taken',
    remedy:
      'A page that is included by a computed path and uses Session must be awaited: await Include(path).',
  },
  'session-response-begun': {
    text: '{what} needs the session cookie, and the response has begun: RESPONSE.flush() was called',
    remedy:
      'Do it before the first RESPONSE.flush(); a call of Session() there is enough to begin a session.',
  },
  'session-value-unstorable': {
    text: '{path} holds {type}, which cannot be kept outside memory',
    remedy:
      'A persistent session keeps what JSON has, and Date, Map, Set, BigInt and undefined. Store plain data and build the rest from it.',
  },
  'session-locked': {
    text: "another request of this session did not end within {patience} s: page '{page}' has held it for {held} s",
    remedy: 'Call s.save() before a long await, open it with read_only, or raise session.lock_timeout.',
    status: 503,
  },
  'session-turn-lost': {
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
    remedy: 'See whether the disk is full and whether this process may write to the folder of the sessions.',
  },
  'session-driver-missing': {
    text: "the session store '{store}' needs the package '{driver}', which is not installed",
    remedy: 'Run: npm install {driver}',
  },
  'session-store-away': {
    text: 'the session store cannot be reached: {reason}',
    remedy:
      'Start it, or correct its address in persistent_session. It is tried again with every request; pages without sessions go on.',
    status: 503,
  },
  'session-server-refused': {
    text: 'the session server refused a command: {reason}',
    remedy: 'See whether its memory is full and what its own log says.',
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
    text: "'{key}' is the beginning of several session keys",
    remedy: 'Give more of it; `karrigell sessions list` shows them.',
  },
});
