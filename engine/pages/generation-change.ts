// What travels between the process that plans generations and those that serve them: plain data.

import type { Stamp } from './site-disk.ts';

/** One source as it was read; `text` is missing where it could not be read. */
export interface SourceFile {
  /** Of the content: equal stamps mean the same text. */
  readonly stamp: Stamp;
  /** Of the file on the disk when it was read. */
  readonly disk: Stamp;
  readonly text: string | undefined;
  /** Why it could not be read. */
  readonly reason?: string;
}

/** A snapshot as plain data, for another process. */
export interface SnapshotData {
  readonly root: string;
  readonly files: readonly (readonly [file: string, source: SourceFile])[];
  readonly links: readonly (readonly [link: string, real: string])[];
}

/** What a change replaces in a snapshot, as plain data; null: the file or link is not there any more. */
export interface SnapshotPatch {
  readonly root: string;
  readonly files: readonly (readonly [file: string, source: SourceFile | null])[];
  readonly links: readonly (readonly [link: string, real: string | null])[];
}

/** A change that is complete, as plain data for another process. */
export interface GenerationChange extends SnapshotPatch {
  /** The changed files and all that use them; several lists where changes have nothing to do with each other. */
  readonly components: readonly (readonly string[])[];
}

/** A component that could not be prepared, and why. */
export interface PreparationFailure {
  /** The index of the component. */
  readonly component: number;
  readonly problem: unknown;
}

/** What serves generations: this process, or several others. */
export interface Audience {
  /** Makes the next generation ready. Gives what went wrong, with nothing changed. */
  prepare(change: GenerationChange): Promise<PreparationFailure | undefined>;
  /** Serves the generation that was prepared last. False: none is prepared. */
  serve(): boolean;
  /** Files have come or gone: a static file may answer where a page did. */
  forgetLocations(): void;
}
