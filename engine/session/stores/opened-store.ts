// Opening a store: the shape of the function that every store's module exports, and the error of a wrong option.

import type { StoreConfig } from '../../../config/schema.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { OpenClientStore, SessionStore } from '../session-store.ts';
import type { LoadModule, SessionsEnvironment } from '../session-types.ts';

/** A store that is open, and how start-up names it. */
export interface OpenedStore {
  readonly store: SessionStore<string>;
  readonly description: string;
  /** When sessions are kept by the visitors: what makes the store of each request. */
  readonly openClientStore?: OpenClientStore;
}

/** What opens a store from its options. */
export type OpenStore = (options: StoreConfig, environment: SessionsEnvironment) => Promise<OpenedStore>;

/** What opens a store whose code is not the engine's. */
export type OpenForeignStore = (
  options: StoreConfig,
  environment: LoadingEnvironment,
) => Promise<OpenedStore>;

/** An environment that can load modules. */
export type LoadingEnvironment = SessionsEnvironment & { readonly load_module: LoadModule };

/** The error of an option of persistent_session. */
export function wrongOption(store: string, option: string, expected: string): Problem {
  return new Problem('session-store-option', { params: { store, option, expected } });
}
