// The function that opens a store, as every store's module exports it, and the error of a wrong option.

import type { StoreConfig } from '../../../config/schema.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { OpenClientStore, SessionStore } from '../session-store.ts';
import type { LoadModule, SessionsEnvironment } from '../session-types.ts';

/** A store that is open. */
export interface OpenedStore {
  readonly store: SessionStore<string>;
  /** The store for people, as start-up prints it: without passwords. */
  readonly description: string;
  /** Makes the store of each request, where sessions are in the cookies of their visitors. */
  readonly openClientStore?: OpenClientStore;
}

/** Opens a store from its options. */
export type OpenStore = (options: StoreConfig, environment: LoadingEnvironment) => Promise<OpenedStore>;

/** An environment that can load modules. */
export type LoadingEnvironment = SessionsEnvironment & { readonly load_module: LoadModule };

/**
 * The error of an option of persistent_session.
 * @param expected the values that the option may have
 */
export function wrongOption(store: string, option: string, expected: string): Problem {
  return new Problem('session-store-option', { params: { store, option, expected } });
}
