// Decides which changes go live (docs/going-live.md): changes on the disk are gathered and planned; complete
// components are prepared and then served by the audience. An incomplete component waits, and the log says why, once
// and then every hour.

import { existsSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { messageOf } from '../diagnostics/thrown.ts';
import { Gathering } from './change-gathering.ts';
import { brokenPages, type Component, type Incomplete, planChanges } from './change-plan.ts';
import { Generation, type GenerationTools } from './generation.ts';
import type { Audience } from './generation-change.ts';
import { Snapshot } from './snapshot.ts';

/** The interval at which the log repeats which changes are waiting, in milliseconds. */
const REMIND_MS = 3_600_000;

/** The planner of one site. */
export class GenerationPlanner {
  readonly #tools: GenerationTools;
  readonly #audience: Audience;
  readonly #reminder: NodeJS.Timeout;
  /** The generation that is served, as the base of planning; its pages never run here. */
  #current: Generation<Snapshot>;
  #gathering: Gathering;
  #waiting: readonly Incomplete[] = [];
  #said = new Set<string>();
  #updating: Promise<void> = Promise.resolve();
  #isClosed = false;

  /** @param sources the snapshot that the audience serves */
  constructor(sources: Snapshot, tools: GenerationTools, audience: Audience) {
    this.#tools = tools;
    this.#audience = audience;
    this.#current = new Generation(sources, tools);
    this.#gathering = this.#gatherIn(sources.root);
    this.#reminder = setInterval(() => this.#remind(), REMIND_MS).unref();
  }

  /** The sources of the generation that is served. */
  get sources(): Snapshot {
    return this.#current.sources;
  }

  /**
   * Logs the pages that cannot be loaded when the site starts; the others are served. Changes are planned afterwards.
   */
  nameBroken(): void {
    this.#updating = this.#updating
      .then(() => this.#nameBroken())
      .catch((error: unknown) => this.#tools.log('error', 'the pages could not be looked at', error));
  }

  async #nameBroken(): Promise<void> {
    for await (const { file, problem } of brokenPages(this.#current)) {
      if (this.#isClosed) return;
      this.#tools.log('error', `${this.#nameOf(file)} cannot be served`, problem);
    }
  }

  /** Takes files that were saved, added or removed. */
  changed(files: readonly string[]): void {
    this.#audience.forgetLocations();
    this.#gathering.add(files);
  }

  /**
   * Takes another folder of the site: root_dir leads elsewhere, or exists again.
   * @param root absolute, with symbolic links resolved
   */
  moved(root: string): void {
    this.#gathering.close();
    this.#gathering = this.#gatherIn(root);
    this.#gathering.add([]);
  }

  /** Stops planning. Resolves when the running update has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#reminder);
    this.#gathering.close();
    await this.#updating;
  }

  #gatherIn(root: string): Gathering {
    const onGathered = () => {
      const next = this.#updating.then(() => this.#update(root, gathering));
      this.#updating = next.catch((error: unknown) =>
        this.#tools.log('error', 'changes of the site could not be taken over', error),
      );
    };
    const gathering = new Gathering({ root, log: this.#tools.log, onGathered });
    return gathering;
  }

  async #update(root: string, gathering: Gathering): Promise<void> {
    // If the folder has vanished, the last generation is still served.
    if (this.#isClosed || gathering !== this.#gathering || !existsSync(root)) return;
    const wanted = Snapshot.take(root, this.#tools, this.#current.sources);
    const changed = this.#current.sources.changesTo(wanted);
    if (!gathering.isWhole(changed)) return;
    const plan = await planChanges(this.#current, new Generation(wanted, this.#tools), changed);
    const refused = await this.#goLive(plan.complete, wanted);
    this.#report([...plan.incomplete, ...refused]);
  }

  /** Serves all components that can be prepared; returns the others. */
  async #goLive(components: readonly Component[], wanted: Snapshot): Promise<Incomplete[]> {
    const refused: Incomplete[] = [];
    let left = components;
    while (left.length > 0 && !this.#isClosed) {
      const patch = wanted.patch(left.flatMap(({ changed }) => [...changed]));
      const affected = left.map((component) => [...component.affected]);
      const refusal = await this.#audience.prepare({ ...patch, components: affected });
      if (refusal === undefined) {
        this.#audience.serve();
        this.#current = new Generation(this.#current.sources.patched(patch), this.#tools);
        break;
      }
      const component = left[refusal.component];
      if (component === undefined) throw new TypeError('a refusal names a component');
      refused.push({ ...component, problem: refusal.problem });
      left = left.filter((each) => each !== component);
    }
    return refused;
  }

  #report(waiting: readonly Incomplete[]): void {
    this.#waiting = waiting;
    const said = new Set<string>();
    for (const each of waiting) {
      const text = this.#describe(each);
      const key = `${text} ${messageOf(each.problem)}`;
      said.add(key);
      if (!this.#said.has(key)) this.#tools.log('error', text, each.problem);
    }
    this.#said = said;
  }

  #remind(): void {
    for (const each of this.#waiting)
      this.#tools.log('error', `${this.#describe(each)}: ${messageOf(each.problem)}`);
  }

  #describe({ changed, folder }: Incomplete): string {
    const names = folder === undefined ? [...changed].map((file) => this.#nameOf(file)).sort() : [folder];
    const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
    return `the new version of ${shown} is not used yet`;
  }

  #nameOf(file: string): string {
    const name = relative(this.#current.root, file).split(sep).join('/');
    return name === '' || name.startsWith('..') ? file : name;
  }
}
