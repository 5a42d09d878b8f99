// The generations of one serving process: the current one, the one that is being prepared, and retired ones that still
// have requests. generation-planner.ts, which may be in another process, decides what goes live.

import { Generation, type GenerationTools } from './generation.ts';
import type { Audience, GenerationChange, PreparationFailure } from './generation-change.ts';
import type { SiteModule } from './modules/site-module.ts';
import { prepare } from './prepare-generation.ts';
import type { Snapshot } from './snapshot.ts';

/** The generations of this process. */
export class ServedGenerations implements Audience {
  readonly #retired = new Set<Generation<Snapshot>>();
  #current: Generation<Snapshot>;
  #next: Generation<Snapshot> | undefined;

  constructor(sources: Snapshot, tools: GenerationTools) {
    this.#current = new Generation(sources, tools);
  }

  /** The generation that is served. */
  get current(): Generation<Snapshot> {
    return this.#current;
  }

  async prepare(change: GenerationChange): Promise<PreparationFailure | undefined> {
    // A generation that was prepared and not served is discarded, because another process has refused it.
    this.#next?.close((module) => this.#isKept(module));
    this.#next = undefined;
    const next = this.#current.next(this.#current.sources.patched(change), change.components.flat());
    for (const [index, component] of change.components.entries()) {
      const problem = await prepare(component, next);
      if (problem === undefined) continue;
      next.close((module) => this.#isKept(module));
      return { component: index, problem };
    }
    this.#next = next;
    return undefined;
  }

  serve(): boolean {
    if (this.#next === undefined) return false;
    const before = this.#current;
    this.#current = this.#next;
    this.#next = undefined;
    this.#retire(before);
    return true;
  }

  forgetLocations(): void {
    this.#current.forgetLocations();
  }

  /** Retires the current generation. */
  close(): void {
    this.#retire(this.#current);
  }

  #retire(generation: Generation<Snapshot>): void {
    this.#retired.add(generation);
    generation.retire(() => {
      this.#retired.delete(generation);
      generation.close((module) => generation !== this.#current && this.#isKept(module));
    });
  }

  /** Whether a generation in use has this instance of a module. */
  #isKept(module: SiteModule): boolean {
    return [this.#current, ...this.#retired].some((generation) => generation.modules.has(module));
  }
}
