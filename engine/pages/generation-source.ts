// Where the generation comes from that a process serves: from the disk at each look (debug), or from snapshots, which are
// planned by itself or by its parent.

import { Generation, type GenerationTools } from './generation.ts';
import { GenerationPlanner } from './generation-planner.ts';
import { ServedGenerations } from './served-generations.ts';
import type { Snapshot } from './snapshot.ts';
import { DiskSources } from './sources.ts';

/** Where the generation comes from that is served. */
export interface GenerationSource {
  readonly current: Generation;
  /** Changes are told from now on. */
  watched(): void;
  /** Files were saved, added or removed. */
  changed(files: readonly string[]): void;
  /** root_dir leads to another folder, or is there again. */
  moved(root: string): void;
  close(): Promise<void>;
}

/** Under debug: one generation whose sources are the disk. */
export class LiveGeneration implements GenerationSource {
  current: Generation;
  readonly #tools: GenerationTools;

  constructor(root: string, tools: GenerationTools) {
    this.#tools = tools;
    this.current = liveIn(root, tools);
  }

  /** Each page is named when it is asked for. */
  watched(): void {}

  changed(): void {
    // Each load looks at the disk.
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

/** The generation that the disk is. */
export function liveIn(root: string, tools: GenerationTools): Generation {
  return new Generation(new DiskSources(root, tools.hidden, tools.onOutside), tools);
}

/** Without debug: generations of snapshots. */
export class SnapshotGenerations implements GenerationSource {
  readonly served: ServedGenerations;
  readonly #planner: GenerationPlanner | undefined;

  /** @param isPlanned whether this process plans them; else another one does, or the first is the only one */
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
