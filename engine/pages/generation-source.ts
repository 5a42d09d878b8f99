// The generations that a process serves. Under debug there is one generation over the disk; otherwise there are
// snapshots, planned by this process or by its parent.

import { Generation, type GenerationTools } from './generation.ts';
import { GenerationPlanner } from './generation-planner.ts';
import { ServedGenerations } from './served-generations.ts';
import type { Snapshot } from './snapshot.ts';
import { DiskSources } from './sources.ts';

/** The source of the generation that is served. */
export interface GenerationSource {
  readonly current: Generation;
  /** Called when watching has begun. */
  watched(): void;
  /** Called when files were saved, added or removed. */
  changed(files: readonly string[]): void;
  /** Called when root_dir leads to another folder, or exists again. */
  moved(root: string): void;
  close(): Promise<void>;
}

/** The generation under debug, whose sources are the disk. */
export class LiveGeneration implements GenerationSource {
  current: Generation;
  readonly #tools: GenerationTools;

  constructor(root: string, tools: GenerationTools) {
    this.#tools = tools;
    this.current = liveIn(root, tools);
  }

  /** A broken page is reported when it is requested. */
  watched(): void {}

  changed(): void {
    // Each load compares the stamps of the files, so nothing has to be done here.
  }

  moved(root: string): void {
    const before = this.current;
    this.current = liveIn(root, this.#tools);
    before.retire(() => before.close());
  }

  async close(): Promise<void> {
    this.current.retire(() => this.current.close());
  }
}

/** A generation whose sources are the disk. */
export function liveIn(root: string, tools: GenerationTools): Generation {
  return new Generation(new DiskSources(root, tools.hidden, tools.onOutside), tools);
}

/** The generations without debug: one after another, each over a snapshot. */
export class SnapshotGenerations implements GenerationSource {
  readonly served: ServedGenerations;
  readonly #planner: GenerationPlanner | undefined;

  /**
   * @param isPlanned whether this process plans the generations; otherwise another process does, or the first is the
   * only one
   */
  constructor(sources: Snapshot, tools: GenerationTools, isPlanned: boolean) {
    this.served = new ServedGenerations(sources, tools);
    if (isPlanned) this.#planner = new GenerationPlanner(sources, tools, this.served);
  }

  get current(): Generation {
    return this.served.current;
  }

  watched(): void {
    this.#planner?.nameBroken();
  }

  changed(files: readonly string[]): void {
    this.#planner?.changed(files);
  }

  moved(root: string): void {
    this.#planner?.moved(root);
  }

  async close(): Promise<void> {
    await this.#planner?.close();
    this.served.close();
  }
}
