// The notes of the flow analysis → code: statements that set and check the tracked context, marks for rollback after an
// exception, names of escapers. A page in which only its own level prints tracks no context; a page without try has no
// marks.

import { type Context, TEXT } from '../../escaping/context.ts';
import type { EscaperName } from '../../escaping/escaper-for.ts';
import type { CodeNote, OutputNote, PrintNote, RollbackGuard } from '../3-analyse/flow/flow-notes.ts';
import { contextKey } from '../3-analyse/flow/flow-state.ts';
import type { Flow } from '../3-analyse/flow/index.ts';
import type { FormTags } from '../3-analyse/form-tags.ts';
import type { InternalNames } from './internal-names.ts';

/** Makes the pieces of one page's code, and collects the contexts and escapers that they name. */
export class FlowCode {
  readonly names: InternalNames;
  /** The places in texts where forms may need a token. */
  readonly forms: FormTags['marks'];
  /** Whether functions of the page print, so that the current context must be tracked at run time. */
  readonly isTracked: boolean;
  readonly contexts: Context[] = [TEXT];
  readonly escapers = new Set<EscaperName>();
  /** The variants of `print` that the page calls, by escaper and static text. */
  readonly prints = new Map<string, PrintNote>();
  readonly #flow: Flow;
  readonly #marked = new Map<RollbackGuard, number>();

  constructor(flow: Flow, names: InternalNames, forms: FormTags['marks']) {
    const { functions, prints, deferredIncludes } = flow.notes;
    const isBound = [...prints.values()].some((print) => print.bound !== undefined);
    this.isTracked = functions.size > 0 || isBound || deferredIncludes.size > 0 || flow.floats;
    this.#flow = flow;
    this.names = names;
    this.forms = forms;
  }

  /** Whether a function that prints awaits or yields. */
  get hasResumes(): boolean {
    return this.#flow.notes.resumes.size > 0;
  }

  /** Whether a function returns in another context than its entry context. */
  get hasResults(): boolean {
    return this.#flow.notes.jumpsBack.size > 0;
  }

  /** The number of a context in the page's table of contexts. */
  contextNumber(context: Context): number {
    const known = this.contexts.indexOf(context);
    return known === -1 ? this.contexts.push(context) - 1 : known;
  }

  escaper(name: OutputNote['escaper']): string {
    if (typeof name === 'object') return `${this.names.inKit('attributes')}(${JSON.stringify(name.tag)})`;
    if (name === 'plain') return this.names.plain;
    if (name === 'text') return this.names.text;
    this.escapers.add(name);
    return this.names.escaper(name);
  }

  mark(guard: RollbackGuard): string {
    const known = this.#marked.get(guard) ?? this.#marked.size;
    this.#marked.set(guard, known);
    return this.names.mark(known);
  }

  setMark(guard: RollbackGuard): string {
    return `${this.mark(guard)}=${this.names.out}.length`;
  }

  /** The assignment that sets the tracked context; '' for a page that tracks none. */
  setTracked(context: Context): string {
    return this.isTracked ? `${this.names.tracked}=${this.contextNumber(context)}` : '';
  }

  /** Line and column of an offset. */
  position(offset: number): { line: number; column: number } {
    return this.#flow.at(offset);
  }

  /** The expression that throws unless the tracked context is `context`. */
  contextCheck(context: Context, offset: number): string {
    const { line, column } = this.position(offset);
    const number = this.contextNumber(context);
    return `${this.names.tracked}===${number}||${this.names.misplaced}(${number},${line},${column})`;
  }

  /** The expression that must run before code in the context `key`; '' if none must. */
  codeBefore({ key, setsTracked, guards }: CodeNote): string {
    if (!setsTracked && guards.length === 0) return '';
    const marks = guards
      .filter((guard) => guard.leavesEntry && guard.entry !== TEXT)
      .map((guard) => (guard.entry === key ? `${this.mark(guard)}=-1` : this.#markOnce(guard)));
    return [setsTracked ? this.setTracked(key) : '', ...marks].filter((part) => part !== '').join(',');
  }

  #markOnce(guard: RollbackGuard): string {
    return `${this.mark(guard)}<0&&(${this.setMark(guard)})`;
  }

  /** The statement that removes the output since code last ran in the guard's entry context. */
  rollback(guard: RollbackGuard): string {
    if (!guard.leavesEntry) return '';
    const { out } = this.names;
    const mark = this.mark(guard);
    const alike = guard.enclosing.filter(({ leavesEntry, entry }) => leavesEntry && entry === guard.entry);
    const unmarks = [guard, ...alike].map((one) => `${this.mark(one)}=-1`);
    const parts = [`${out}=${out}.slice(0,${mark})`, this.setTracked(guard.entry), ...unmarks];
    return `if(${mark}>=0){${parts.filter((part) => part !== '').join(';')}}`;
  }

  /** The guards whose entry context the output leaves, and the guards whose entry context it enters again. */
  crossedGuards(
    context: Context,
    after: Context,
    guards: readonly RollbackGuard[],
  ): { left: RollbackGuard[]; reentered: RollbackGuard[] } {
    const from = contextKey(context);
    const to = contextKey(after);
    const active = from === to ? [] : guards.filter((guard) => guard.leavesEntry);
    return {
      left: active.filter(({ entry }) => entry === from),
      reentered: active.filter(({ entry }) => entry === to),
    };
  }
}
