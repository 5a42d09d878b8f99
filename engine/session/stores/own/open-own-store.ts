// Opens a site's own store: {"store":"./my-store.ts", …}. The module's default export is a function of the other options,
// which returns a store of entries, or one that was written for express-session.

import { join, relative, resolve, sep } from 'node:path';
import type { StoreConfig } from '../../../../config/schema.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import type { MaybePromise } from '../../session-store.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { ExpressEntryStore } from '../express-session/express-entry-store.ts';
import { type ExpressStore, isExpressStore } from '../express-session/express-package.ts';
import { failureReason } from '../foreign-code.ts';
import { LockingStore } from '../locking/locking-store.ts';
import { withinTime } from '../locking/time-limit.ts';
import type { LoadingEnvironment, OpenedStore } from '../opened-store.ts';
import { CompareAndSetDriver } from './compare-and-set-driver.ts';
import type { EntryStore } from './entry-store.ts';
import { PlainDriver } from './plain-driver.ts';

/** The function that a store's module exports as its default. Its first argument is persistent_session without `store`. */
export type OpenOwnStore = (
  options: Readonly<Record<string, unknown>>,
  environment: OwnStoreEnvironment,
) => MaybePromise<EntryStore | ExpressStore>;

/** The environment of a site's own store. */
export interface OwnStoreEnvironment {
  /** The folder of the configuration file, which relative paths start from. */
  readonly base_dir: string;
  /** Logs a message for the operator. */
  readonly log: SessionsEnvironment['log'];
  /** The clock of deadlines: milliseconds since 1970. */
  readonly now: () => number;
}

/** A site does not wait longer for its store to load and open. */
const OPEN_MS = 10_000;

const LOCKING_METHODS = ['load', 'replace'];
const PLAIN_METHODS = ['load', 'save', 'delete'];
const METHODS_OF_LOCK = new Map<unknown, readonly string[]>([
  ['store', LOCKING_METHODS],
  ['process', PLAIN_METHODS],
  ['none', PLAIN_METHODS],
]);
const OPTIONAL_METHODS = ['touch', 'list', 'sweep', 'close'];

/** Opens the store that a module gives. */
export async function openOwnStore(
  { store: name, ...options }: StoreConfig,
  environment: LoadingEnvironment,
): Promise<OpenedStore> {
  const { base_dir } = environment;
  const file = resolve(base_dir, name);
  const given = await givenBy(file, name, options, environment);
  const opened = (store: EntryStore) => openEntryStore(store, name, `own (${name})`, environment);
  if (isEntryStore(given)) return opened(given);
  if (isExpressStore(given)) return opened(new ExpressEntryStore(name, () => given, environment));
  throw notAStore(file, faultOf(given) ?? 'it is no store');
}

/**
 * Opens a store of entries.
 * @param name the store's name in the configuration
 */
export async function openEntryStore(
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
  await sessions.open();
  return { store: sessions, description };
}

/** The result of the module's function. Problems of loading the module pass through, because they name its file and line. */
async function givenBy(
  file: string,
  name: string,
  options: object,
  { base_dir, log, now = Date.now, load_module }: LoadingEnvironment,
): Promise<unknown> {
  const specifier = `./${relative(base_dir, file).split(sep).join('/')}`;
  const opened = async (): Promise<unknown> => {
    const { default: open } = await load_module(specifier, join(base_dir, 'karrigell.config.json'));
    if (typeof open === 'function') return Reflect.apply(open, undefined, [options, { base_dir, log, now }]);
    if (open === undefined) throw notAStore(file, 'it has no default export');
    throw notAStore(file, `its default export is no function, but of type ${typeof open}`);
  };
  try {
    return await withinTime(OPEN_MS, opened());
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const params = { store: name, reason: failureReason(cause) };
    throw new Problem('session-store-open', { file, params, cause });
  }
}

function isEntryStore(store: unknown): store is EntryStore {
  return faultOf(store) === undefined;
}

/** The reason why a value is no store of entries; undefined if it is one. A missing method is told when the site starts, not to a visitor. */
function faultOf(store: unknown): string | undefined {
  if (typeof store !== 'object' || store === null)
    return `its function gave ${store === null ? 'null' : typeof store}, not a store`;
  const required = METHODS_OF_LOCK.get(Reflect.get(store, 'lock'));
  if (required === undefined) return "its lock must be 'store', 'process' or 'none'";
  const optional = OPTIONAL_METHODS.filter((name) => Reflect.get(store, name) !== undefined);
  const missing = [...required, ...optional].find((name) => typeof Reflect.get(store, name) !== 'function');
  return missing === undefined ? undefined : `it has no method ${missing}()`;
}

function notAStore(file: string, reason: string): Problem {
  return new Problem('session-store-module', { file, params: { reason } });
}
