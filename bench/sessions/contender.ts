// What is compared: a server with sessions somewhere, and how it is started anew for each launch.

import type { Services } from './services.ts';

/** Where one launch takes place. */
export interface Place {
  /** Its own, and empty. */
  readonly folder: string;
  /** Another one in each launch, for names in databases. */
  readonly number: number;
  readonly services: Services;
  /** Whether servers are bound to a core. */
  readonly pinned: boolean;
  /** The headers of our page, for the bare server: name, value, name, value … */
  readonly headers: readonly string[];
}

/** A server that was started. */
export interface Running {
  /** Its addresses; the load is spread over all. */
  readonly urls: readonly string[];
  /** The processes whose time counts, with all their descendants. */
  readonly processes: readonly number[];
  stop(): Promise<void>;
}

/** One row of the table. */
export interface Contender {
  readonly name: string;
  /** What stands in the table. */
  readonly about: string;
  /** The page that is asked for under load. */
  readonly path: string;
  /** A lost count is a failure. Of others it is told. */
  readonly losesNothing: boolean;
  /** Measured only when it is named. */
  readonly onlyByName: boolean;
  /** What is not there, and how to get it; undefined: all is there. */
  missing(): Promise<string | undefined>;
  start(place: Place): Promise<Running>;
}
