// The shape of `persistent_session`: false, true, or an object that names a store (docs/stores.md). The options of
// the engine's stores are checked here, the options of a site's own store by that store.

import type { JsonSchema, Shape } from './setting-shape.ts';

/** `persistent_session` as an object: `store` names the store, all other members are its options. */
export interface StoreConfig {
  readonly store: string;
  readonly [option: string]: unknown;
}

const text: JsonSchema = { type: 'string', minLength: 1 };

/** The servers that the driver can connect to: neither a Unix socket nor a bare IPv6 address. */
const MEMCACHED_SERVER = '^[^\\s:/,[\\]]+:[1-9][0-9]{0,4}$';

/** The options of each store that comes with the engine. */
const STORE_OPTIONS: Readonly<Record<string, JsonSchema>> = {
  json: {
    dir: { ...text, description: 'The folder of the session files.', default: '.karrigell/sessions' },
    lock_dir: {
      type: ['string', 'null'],
      description: 'The folder of the lock files; null: beside the sessions.',
      default: null,
    },
    fsync: {
      type: 'boolean',
      description: 'Wait until the disk has each write, which survives a power cut and costs time.',
      default: false,
    },
  },
  redis: {
    url: {
      ...text,
      description:
        'The server: redis://host:port/database, with user:password@ before the host; rediss: with TLS.',
      default: 'redis://127.0.0.1:6379',
    },
    unix_socket_path: { ...text, description: 'The socket of a server on this machine, instead of a url.' },
    prefix: {
      type: 'string',
      pattern: '^[^{}]*$',
      description: 'The beginning of all names in the server. Each site needs a prefix of its own.',
      default: 'karrigell:',
    },
  },
  cookie: {
    secrets: {
      type: 'array',
      items: { type: 'string', minLength: 32 },
      minItems: 1,
      description: 'Texts of at least 32 characters: the first encrypts the cookies, all of them decrypt.',
    },
  },
  memcached: {
    servers: {
      type: ['string', 'array'],
      pattern: MEMCACHED_SERVER,
      items: { type: 'string', pattern: MEMCACHED_SERVER },
      minItems: 1,
      uniqueItems: true,
      description:
        'The server, host:port, or a list of servers among which the sessions are spread. All processes that share the sessions need the same list.',
      default: '127.0.0.1:11211',
    },
    prefix: {
      type: 'string',
      pattern: '^[!-~]{0,150}$',
      description: 'The beginning of all names in the servers. Each site needs a prefix of its own.',
      default: 'karrigell:',
    },
  },
  database: {
    url: {
      ...text,
      description:
        'The database: postgres://user:password@host/database, mysql://user:password@host/database (MariaDB too) or sqlite:file, relative to this file.',
    },
    table: { ...text, description: 'The table of the sessions.', default: 'session' },
    auto_create: {
      type: 'boolean',
      description: 'Create the table if it is missing.',
      default: true,
    },
  },
  'express-session': {
    module: { ...text, description: 'The package of the store, such as "connect-pg-simple".' },
    options: {
      type: 'object',
      description: 'The options of the store, as its package documents them.',
      default: {},
    },
  },
};

/** The required options of each store. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  cookie: ['secrets'],
  'express-session': ['module'],
};

/** The shape of `persistent_session`. */
export const storeShape: Shape<boolean | StoreConfig> = {
  schema: {
    type: ['boolean', 'object'],
    properties: { store: { ...text, examples: [...Object.keys(STORE_OPTIONS), './my-store.ts'] } },
    required: ['store'],
    allOf: Object.entries(STORE_OPTIONS).map(([store, options]) => ({
      if: { type: 'object', properties: { store: { const: store } }, required: ['store'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: {
        properties: { store: text, ...options },
        required: ['store', ...(REQUIRED[store] ?? [])],
        additionalProperties: false,
      },
    })),
  },
  expected: 'false (in memory), true (files) or an object with "store" and that store\'s options',
};
