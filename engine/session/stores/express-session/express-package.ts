// A package with a store that was written for express-session: it exports a class, or a function of express-session that gives
// one. Such stores extend the base class `Store` of express-session. What they use of it, events, is here, so that express-session
// itself need not be installed.

import { EventEmitter } from 'node:events';
import { Problem } from '../../../diagnostics/problem.ts';

export type ExpressCallback = (error?: unknown, value?: unknown) => void;

/** What such a store must be able to do, and what most of them can. */
export interface ExpressStore {
  get(id: string, callback: ExpressCallback): unknown;
  set(id: string, session: object, callback: ExpressCallback): unknown;
  destroy(id: string, callback: ExpressCallback): unknown;
  touch?(id: string, session: object, callback: ExpressCallback): unknown;
  all?(callback: ExpressCallback): unknown;
  on?(event: string, listener: (value?: unknown) => void): unknown;
  /** Each has its own way to be closed, if any. */
  close?(): unknown;
  end?(): unknown;
  stopInterval?(): unknown;
}

/** What a package exports. */
export type PackageExports = Readonly<Record<string, unknown>>;

/** Whether something is such a store. */
export function isExpressStore(value: unknown): value is ExpressStore {
  return typeof value === 'object' && value !== null && hasMethods(value);
}

/** Makes the store of a package. */
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

/** Older packages export a function of express-session that gives the class. */
function storeOfFactory(exported: unknown, options: unknown): ExpressStore | undefined {
  if (typeof exported !== 'function' || /^class\b/.test(Function.prototype.toString.call(exported)))
    return undefined;
  const made: unknown = Reflect.apply(exported, undefined, [expressSession]);
  return isExpressStore(made) ? made : storeOfClass(made, options);
}

function hasMethods(value: object): boolean {
  return ['get', 'set', 'destroy'].every((method) => typeof Reflect.get(value, method) === 'function');
}

function membersOf(value: unknown): PackageExports {
  const has = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return has ? Object.fromEntries(Object.entries(value)) : {};
}

/** As of old, a function: some packages call it, others extend it. */
function Store(this: EventEmitter): void {
  Reflect.apply(EventEmitter, this, []);
}
Object.setPrototypeOf(Store, EventEmitter);
Object.setPrototypeOf(Store.prototype, EventEmitter.prototype);

/** What the factory of such a package is called with: express-session, or its Store, as one likes. */
export const expressSession: object = Object.assign(Store, { Store });
