// The messages between the process that plans generations and the processes that serve them: plain data.

import type { Stamp } from './site-disk.ts';

/** One source file as it was read. `text` is undefined if it could not be read. */
export interface SourceFile {
  /** A hash of the content: equal stamps mean equal text. */
  readonly stamp: Stamp;
  /** The stamp of the file on the disk when it was read. */
  readonly disk: Stamp;
  readonly text: string | undefined;
  /** Why the file could not be read. */
  readonly reason?: string;
}

/** A snapshot as plain data, for another process. */
export interface SnapshotData {
  readonly root: string;
  readonly files: readonly (readonly [file: string, source: SourceFile])[];
  readonly links: readonly (readonly [link: string, real: string])[];
}

/**
 * The files and links that a change replaces in a snapshot, as plain data; null if the file or link does not exist any
 * more.
 */
export interface SnapshotPatch {
  readonly root: string;
  readonly files: readonly (readonly [file: string, source: SourceFile | null])[];
  readonly links: readonly (readonly [link: string, real: string | null])[];
}

/** A complete change, as plain data for another process. */
export interface GenerationChange extends SnapshotPatch {
  /** For each component, the changed files and all files that depend on them. */
  readonly components: readonly (readonly string[])[];
}

/** A component that could not be prepared, with the error. */
export interface PreparationFailure {
  /** The index of the component. */
  readonly component: number;
  readonly problem: unknown;
}

/** The receiver of generations: it serves them in this process, or in several others. */
export interface Audience {
  /** Prepares the next generation. If a component fails, nothing has changed and the failure is returned. */
  prepare(change: GenerationChange): Promise<PreparationFailure | undefined>;
  /** Serves the generation that was prepared last. Returns false if none is prepared. */
  serve(): boolean;
  /** Clears the cache of URLs, because a new static file may precede a page. */
  forgetLocations(): void;
}
