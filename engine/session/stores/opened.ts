// What opening a store gives; the shape that every store's module exports a function of.

import type { StoreConfig } from '../../../config/schema.ts';
import type { SessionsEnvironment } from '../face.ts';
import type { SessionStore } from '../store.ts';

/** A store that is open, and how start-up names it. */
export interface OpenedStore {
  readonly store: SessionStore<string>;
  readonly description: string;
}

/** What opens a store from its options. */
export type OpenStore = (options: StoreConfig, environment: SessionsEnvironment) => Promise<OpenedStore>;
