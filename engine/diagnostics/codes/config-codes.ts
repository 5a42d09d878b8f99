// Error codes of the configuration.

import type { CodeTable } from '../code-entry.ts';

export const configCodes = {
  'config-file-missing': {
    text: 'the configuration file is missing, expected one at this path',
    remedy: 'Check the path after --config, or leave it out: every setting has a default.',
  },
  'config-file-unreadable': {
    text: 'the configuration file cannot be read: {what}',
    remedy: 'Make it a file that this user may read.',
  },
  'config-not-json': {
    text: 'this is not JSON: {what}',
    remedy:
      'Write strict JSON: names and texts in double quotes, a comma between entries and none after the last, no comments.',
  },
  'config-repeated-key': {
    text: 'the key "{key}" stands here twice in one object, expected once',
    remedy: 'Remove one of the two.',
  },
  'config-unknown-key': {
    text: 'unknown key "{key}"{source}, expected {expected}',
    remedy: '{hint}',
  },
  'config-unknown-variable': {
    text: 'unknown environment variable {name}, expected {expected}',
    remedy: 'Correct its name, or unset it: names that begin with KARRIGELL_ are settings.',
  },
  'config-missing-key': {
    text: '{key}{source} lacks "{missing}", expected {expected}',
    remedy: 'Add the key.',
  },
  'config-wrong-value': {
    text: '{key} is {value}{source}, expected {expected}',
    remedy: '{hint}',
  },
  'config-wrong-name': {
    text: '{key} has an entry {name}{source}, expected {expected}',
    remedy: '{hint}',
  },
  'config-computed-header': {
    text: '{key} has an entry "{name}"{source}, which the server computes for each response, expected another header',
    remedy: 'Remove it; a page sets its own Content-Type by RESPONSE.headers.',
  },
  'config-workers-need-store': {
    text: 'workers is {value}{source} but persistent_session is false, expected a store that all workers share: with sessions in memory each process would have its own, and visitors would lose theirs',
    remedy: 'Set persistent_session to true (files) or name a store, or set workers to 1.',
  },
  'config-cookie-not-secure': {
    text: 'session.cookie.{key} is {value}{source}, which browsers accept only on a cookie that is secure, expected session.cookie.secure true or "auto"',
    remedy: 'Set session.cookie.secure to true, or to "auto" when the site is also served without https.',
  },
  'config-cookie-host-prefix': {
    text: 'session.cookie.name is {value}{source}, which browsers accept only with path "/" and no domain, expected session.cookie.path "/" and session.cookie.domain null',
    remedy:
      'Set session.cookie.path to "/" and session.cookie.domain to null, or choose a name without "__Host-".',
  },
} as const satisfies CodeTable;
