// Where the generation comes from that a process serves: from the disk at each look (debug), from plans of its own, or from
// those of a parent process.

import { Generation, type GenerationTools } from './generation.ts';
import type { SnapshotData } from './generation-change.ts';
import { GenerationPlanner } from './generation-planner.ts';
import { ServedGenerations } from './served-generations.ts';
import { Snapshot } from './snapshot.ts';
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
  return new Generation(root, new DiskSources(root, tools.hidden, tools.onOutside), tools);
}

/** Without debug: the generations that this process plans for itself. */
export class PlannedGenerations implements GenerationSource {
  readonly #served: ServedGenerations;
  readonly #planner: GenerationPlanner;

  constructor(root: string, tools: GenerationTools) {
    const sources = Snapshot.take(root, tools.hidden, undefined, tools.onOutside);
    this.#served = new ServedGenerations(sources, tools);
    this.#planner = new GenerationPlanner(sources, tools, this.#served);
  }

  get current(): Generation {
    return this.#served.current;
  }

  watched(): void {
    this.#planner.nameBroken();
  }

  changed(files: readonly string[]): void {
    this.#planner.changed(files);
  }

  moved(root: string): void {
    this.#planner.moved(root);
  }

  async close(): Promise<void> {
    await this.#planner.close();
    this.#served.close();
  }
}

/** Without debug, in one of several processes: the generations that another process plans. */
export class FollowedGenerations implements GenerationSource {
  readonly served: ServedGenerations;

  constructor(sources: SnapshotData, tools: GenerationTools) {
    this.served = new ServedGenerations(Snapshot.from(sources), tools);
  }

  get current(): Generation {
    return this.served.current;
  }

  /** The parent names what is broken. */
  watched(): void {}

  changed(): void {
    // The planning process watches.
  }

  moved(): void {
    // The planning process watches.
  }

  async close(): Promise<void> {
    this.served.close();
  }
}
