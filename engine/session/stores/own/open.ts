// Opens a site's own store: {"store":"./my-store.ts", …}. The module's default export is a function of the other options;
// what it gives may be a store of entries, a whole SessionStore, or one that was written for express-session.

import { join, relative, resolve, sep } from 'node:path';
import type { StoreConfig } from '../../../../config/schema.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import type { SessionsEnvironment } from '../../face.ts';
import type { MaybePromise, SessionStore } from '../../store.ts';
import { sessionsIn } from '../entries/entry-sessions.ts';
import type { EntryStore } from '../entries/entry-store.ts';
import { type ExpressStore, isExpressStore } from '../express-session/express-store.ts';
import { expressSessions } from '../express-session/open.ts';
import { reasonOf } from '../failure.ts';
import type { LoadingEnvironment, OpenedStore } from '../opened.ts';
import { withinMilliseconds } from '../within-time.ts';
import { GuardedStore } from './guarded-store.ts';
import { faultOfStore, isEntryStore, isSessionStore } from './shape.ts';

/** The function that a store's module exports as its default. It gets persistent_session without `store`. */
export type OpenOwnStore = (
  options: Readonly<Record<string, unknown>>,
  environment: OwnStoreEnvironment,
) => MaybePromise<EntryStore | SessionStore<string> | ExpressStore>;

/** What a site's own store is told. */
export interface OwnStoreEnvironment {
  /** The folder of the configuration file, which relative paths start from. */
  readonly base_dir: string;
  /** Says what an operator must know. */
  readonly log: SessionsEnvironment['log'];
  /** The clock of deadlines: milliseconds since 1970. */
  readonly now: () => number;
}

/** A site does not wait longer for its store to open. */
const OPEN_MS = 10_000;

/** The store that the module gives. */
export async function openOwnStore(
  { store: name, ...options }: StoreConfig,
  environment: LoadingEnvironment,
): Promise<OpenedStore> {
  const { base_dir, log, now = Date.now } = environment;
  const file = resolve(base_dir, name);
  const open = await openerIn(file, name, environment);
  const store = await opened(file, name, () =>
    Reflect.apply(open, undefined, [options, { base_dir, log, now }]),
  );
  return { store: await sessionsOver(store, file, name, environment), description: `own (${name})` };
}

/** The module's default export. Problems of loading name the place themselves. */
async function openerIn(
  file: string,
  name: string,
  { base_dir, load_module }: LoadingEnvironment,
): Promise<(...values: never[]) => unknown> {
  const specifier = `./${relative(base_dir, file).split(sep).join('/')}`;
  const loading = () => load_module(specifier, join(base_dir, 'karrigell.config.json'));
  const { default: open } = await opened(file, name, loading);
  if (typeof open === 'function') return (...values) => Reflect.apply(open, undefined, values);
  const reason =
    open === undefined
      ? 'it has no default export'
      : `its default export is no function, but ${nameOf(open)}`;
  throw new Problem('session-store-module', { file, holes: { reason } });
}

async function sessionsOver(
  store: unknown,
  file: string,
  name: string,
  environment: SessionsEnvironment,
): Promise<SessionStore<string>> {
  if (isSessionStore(store)) return new GuardedStore(name, store);
  if (isEntryStore(store)) return sessionsIn(name, store, environment);
  if (isExpressStore(store)) return expressSessions(name, () => store, environment);
  throw new Problem('session-store-module', { file, holes: { reason: faultOfStore(store) } });
}

/** What the site's own code gives; its errors are told with its name. */
async function opened<T>(file: string, name: string, open: () => MaybePromise<T>): Promise<T> {
  try {
    return await withinMilliseconds((async () => open())(), OPEN_MS);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('session-store-open', { file, holes: { store: name, reason: reasonOf(cause) }, cause });
  }
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
}
