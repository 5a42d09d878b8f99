// A contender: a server with sessions of one kind, which each launch starts anew.

import type { Services } from './services.ts';

/** The surroundings of one launch. */
export interface Place {
  /** An empty folder of this launch. */
  readonly folder: string;
  /** A name that differs in each launch, for names in databases. */
  readonly number: number;
  readonly services: Services;
  /** Whether servers are bound to a core. */
  readonly pinned: boolean;
  /** The headers of our page, for the bare server: name, value, name, value … */
  readonly headers: readonly string[];
}

/** A started server. */
export interface Running {
  /** Its addresses; the load is spread over all. */
  readonly urls: readonly string[];
  /** Whether each address has sessions and visitors of its own. Default: all visitors come to all addresses. */
  readonly isApart?: boolean;
  /** The processes whose time counts, with all their descendants. */
  readonly processes: readonly number[];
  stop(): Promise<void>;
}

/** One row of the table. */
export interface Contender {
  readonly name: string;
  /** The text in the table. */
  readonly about: string;
  /** The page that the load requests. */
  readonly path: string;
  /** Whether a lost count is a failure. Otherwise it is only printed. */
  readonly losesNothing: boolean;
  /** Whether the contender is measured only if it is named. */
  readonly onlyByName: boolean;
  /** The missing program or package with the command that installs it; undefined if nothing is missing. */
  missing(): Promise<string | undefined>;
  start(place: Place): Promise<Running>;
}
