// A package with a store that was written for express-session: it exports a class, or a function of express-session that
// returns one. Such stores extend the base class `Store` of express-session. The part of it that they use is events, so this
// file has a `Store` of its own, and express-session need not be installed.

import { EventEmitter } from 'node:events';
import { Problem } from '../../../diagnostics/problem.ts';

export type ExpressCallback = (error?: unknown, value?: unknown) => void;

/** A store of express-session: get, set and destroy are required. */
export interface ExpressStore {
  get(id: string, callback: ExpressCallback): unknown;
  set(id: string, session: object, callback: ExpressCallback): unknown;
  destroy(id: string, callback: ExpressCallback): unknown;
  /** Not called: see express-entry-store.ts. */
  touch?(id: string, session: object, callback: ExpressCallback): unknown;
  all?(callback: ExpressCallback): unknown;
  on?(event: string, listener: (value?: unknown) => void): unknown;
  /** The ways in which such stores are closed. */
  close?(): unknown;
  end?(): unknown;
  stopInterval?(): unknown;
}

export type PackageExports = Readonly<Record<string, unknown>>;

/** Whether a value is such a store. */
export function isExpressStore(value: unknown): value is ExpressStore {
  return typeof value === 'object' && value !== null && hasMethods(value);
}

/**
 * Makes the store of a package.
 * @param module the package's name
 * @param options the argument of the store's constructor
 * @throws Problem `session-store-package` if the package exports no such store, or what its constructor throws
 */
export function expressStoreOf(exports: PackageExports, module: string, options: unknown): ExpressStore {
  const { default: main } = exports;
  // CommonJS that was compiled from a module has a default export in its default export.
  for (const exported of [main, membersOf(main).default]) {
    const store = storeOfClass(exported, options) ?? storeOfFactory(exported, options);
    if (store !== undefined) return store;
  }
  for (const exported of [...Object.values(exports), ...Object.values(membersOf(main))]) {
    const store = storeOfClass(exported, options);
    if (store !== undefined) return store;
  }
  throw new Problem('session-store-package', { params: { module } });
}

function storeOfClass(exported: unknown, options: unknown): ExpressStore | undefined {
  if (typeof exported !== 'function' || typeof exported.prototype !== 'object') return undefined;
  if (exported.prototype === null || !hasMethods(exported.prototype)) return undefined;
  return Reflect.construct(exported, [options]);
}

/** Older packages export a function of express-session that returns the class. */
function storeOfFactory(exported: unknown, options: unknown): ExpressStore | undefined {
  if (typeof exported !== 'function' || /^class\b/.test(Function.prototype.toString.call(exported)))
    return undefined;
  const made: unknown = Reflect.apply(exported, undefined, [EXPRESS_SESSION]);
  return isExpressStore(made) ? made : storeOfClass(made, options);
}

function hasMethods(value: object): boolean {
  return ['get', 'set', 'destroy'].every((method) => typeof Reflect.get(value, method) === 'function');
}

function membersOf(value: unknown): PackageExports {
  const has = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return has ? Object.fromEntries(Object.entries(value)) : {};
}

/** A function and no class, because some packages call it and others extend it. */
function Store(this: EventEmitter): void {
  Reflect.apply(EventEmitter, this, []);
}
Object.setPrototypeOf(Store, EventEmitter);
Object.setPrototypeOf(Store.prototype, EventEmitter.prototype);

/** The argument of such a function: some packages read `Store` of it, others take it for the Store itself. */
const EXPRESS_SESSION: object = Object.assign(Store, { Store });
