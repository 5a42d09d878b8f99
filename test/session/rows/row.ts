// The shape of a row in the table of stores under test, and unique names.

import { randomBytes } from 'node:crypto';
import type { SessionsConfig } from '../../../engine/session/index.ts';
import type { SessionStore } from '../../../engine/session/session-store.ts';

/** The place where one site of a test keeps its sessions, under unique names. */
export interface StorePlace {
  /** The site's own folder. */
  readonly dir: string;
  /** `persistent_session` of the site's configuration; relative paths are below the folder. */
  readonly config: SessionsConfig['persistent_session'];
  /** Leaves nothing behind; the sites over it are closed. The site's folder is removed by others. */
  remove(): Promise<void>;
}

/** One store under test. */
export interface StoreRow {
  /** Begins the title of its tests. */
  readonly name: string;
  /** Why it cannot be tested on this machine; undefined: it can. */
  readonly missing?: string | undefined;
  /** How far its locks reach, as the store itself says. */
  readonly lock: SessionStore<string>['lock'];
  /** Whether its sessions are kept as text outside of the process, where other processes find them. */
  readonly persistent: boolean;
  /** Whether its sessions can be listed, and so counted, shown and swept. */
  readonly lists: boolean;
  /** Whether its sessions are in the visitors' cookies: a write sends one, and nothing sent is taken back. */
  readonly carried?: true;
  /** About how many bytes one session may have; undefined: no limit that matters. */
  readonly most?: number;
  /** Makes a place for one site, whose folder this is. */
  place(dir: string): Promise<StorePlace>;
  /** Every name under which it keeps something for this place: files, keys, rows. */
  readonly names?: (place: StorePlace) => Promise<string[]>;
  /** Puts a text in the place of a stored session, past the store. */
  readonly put?: (place: StorePlace, key: string, text: string) => Promise<void>;
  /** Removes all that is kept for this place past the store, the site's secret too. */
  readonly forget?: (place: StorePlace) => Promise<void>;
  /** Once, when all sites of a test file are closed. */
  readonly close?: () => Promise<void>;
  /** Rules by their title that cannot hold here, and why not. Each is seen as a skipped test. */
  readonly cannot?: Readonly<Record<string, string>>;
}

/** Nothing to remove. */
export const nothing = async (): Promise<void> => undefined;

/** The option of that name in a place's configuration. */
export function option({ config }: StorePlace, name: string): string {
  return typeof config === 'boolean' ? '' : String(config[name]);
}

/** The names that the tests of this process use begin so. */
export const OURS = `karrigell_test_${randomBytes(6).toString('hex')}`;
