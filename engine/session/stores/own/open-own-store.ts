// Opens a site's own store: {"store":"./my-store.ts", …}. The module's default export is a function of the other options,
// which gives a store of entries, or one that was written for express-session.

import { join, relative, resolve, sep } from 'node:path';
import type { StoreConfig } from '../../../../config/schema.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import type { MaybePromise } from '../../session-store.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { ExpressEntryStore } from '../express-session/express-entry-store.ts';
import { type ExpressStore, isExpressStore } from '../express-session/express-package.ts';
import { reasonOf } from '../foreign-failure.ts';
import { LockingStore } from '../locking/locking-store.ts';
import { TimeLimit } from '../locking/time-limit.ts';
import type { LoadingEnvironment, OpenedStore } from '../opened-store.ts';
import { CompareAndSetDriver } from './compare-and-set-driver.ts';
import type { EntryStore } from './entry-store.ts';
import { PlainDriver } from './plain-driver.ts';

/** The function that a store's module exports as its default. It gets persistent_session without `store`. */
export type OpenOwnStore = (
  options: Readonly<Record<string, unknown>>,
  environment: OwnStoreEnvironment,
) => MaybePromise<EntryStore | ExpressStore>;

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

const LOCKS: readonly unknown[] = ['store', 'process', 'none'];
const LOCKING_METHODS = ['load', 'replace'];
const PLAIN_METHODS = ['load', 'save', 'delete'];
const OPTIONAL_METHODS = ['touch', 'list', 'sweep', 'close'];

/** The store that the module gives. */
export async function openOwnStore(
  { store: name, ...options }: StoreConfig,
  environment: LoadingEnvironment,
): Promise<OpenedStore> {
  const { base_dir, log, now = Date.now } = environment;
  const file = resolve(base_dir, name);
  const open = await openerIn(file, name, environment);
  const given = await inTime(file, name, () =>
    Reflect.apply(open, undefined, [options, { base_dir, log, now }]),
  );
  return sessionsOver(entriesOf(given, file, name, environment), name, `own (${name})`, environment);
}

/**
 * A store of entries, open.
 * @param name as the configuration has it
 */
export async function sessionsOver(
  store: EntryStore,
  name: string,
  description: string,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const { log, now = Date.now } = environment;
  const driver =
    store.lock === 'store'
      ? new CompareAndSetDriver({ name, store, now, log })
      : new PlainDriver({ name, store, now, log });
  const sessions = new LockingStore(driver, description, environment);
  try {
    await sessions.open();
  } catch (error) {
    await sessions.close();
    throw error;
  }
  return { store: sessions, description };
}

/** The module's default export. Problems of loading name the place themselves. */
async function openerIn(
  file: string,
  name: string,
  { base_dir, load_module }: LoadingEnvironment,
): Promise<(...values: never[]) => unknown> {
  const specifier = `./${relative(base_dir, file).split(sep).join('/')}`;
  const loading = () => load_module(specifier, join(base_dir, 'karrigell.config.json'));
  const { default: open } = await inTime(file, name, loading);
  if (typeof open === 'function') return (...values) => Reflect.apply(open, undefined, values);
  const reason =
    open === undefined
      ? 'it has no default export'
      : `its default export is no function, but ${nameOf(open)}`;
  throw new Problem('session-store-module', { file, params: { reason } });
}

/** What the site's own code gives; its errors are told with its name. */
async function inTime<T>(file: string, name: string, open: () => MaybePromise<T>): Promise<T> {
  try {
    return await new TimeLimit(OPEN_MS).apply((async () => open())());
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem('session-store-open', {
      file,
      params: { store: name, reason: reasonOf(cause) },
      cause,
    });
  }
}

function entriesOf(store: unknown, file: string, name: string, environment: SessionsEnvironment): EntryStore {
  if (isEntryStore(store)) return store;
  if (isExpressStore(store)) return new ExpressEntryStore(name, () => store, environment);
  throw new Problem('session-store-module', { file, params: { reason: faultOf(store) ?? 'it is no store' } });
}

function isEntryStore(store: unknown): store is EntryStore {
  return faultOf(store) === undefined;
}

/** What keeps a value from being a store of entries: a method that is missing is no surprise to a visitor. */
function faultOf(store: unknown): string | undefined {
  if (typeof store !== 'object' || store === null)
    return `its function gave ${store === null ? 'null' : typeof store}, not a store`;
  const lock: unknown = Reflect.get(store, 'lock');
  if (!LOCKS.includes(lock)) return "its lock must be 'store', 'process' or 'none'";
  const optional = OPTIONAL_METHODS.filter((name) => Reflect.get(store, name) !== undefined);
  const methods = [...(lock === 'store' ? LOCKING_METHODS : PLAIN_METHODS), ...optional];
  const missing = methods.find((name) => typeof Reflect.get(store, name) !== 'function');
  return missing === undefined ? undefined : `it has no method ${missing}()`;
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `of type ${typeof value}`;
}
