// What the flow's notes become in the code of a page: where its code is (`at`), what an exception cuts off (marks),
// which escapers it calls. A page in which only its own level prints needs no `at`, one without try needs no marks.

import { type Context, TEXT } from '../../escaping/context.ts';
import type { EscaperName } from '../../escaping/escaper-for.ts';
import type { CodePoint, Guard, PrintNote } from '../3-analyse/flow/flow-notes.ts';
import { placeOf } from '../3-analyse/flow/flow-state.ts';
import type { Flow } from '../3-analyse/flow/index.ts';
import type { InternalNames } from './internal-names.ts';

/** The pieces of one page's code; it collects the places and escapers that they name. */
export class FlowCode {
  readonly names: InternalNames;
  /** Whether something may print that is called from anywhere, so that the code must know where it is. */
  readonly isTracked: boolean;
  readonly places: Context[] = [TEXT];
  readonly escapers = new Set<EscaperName>();
  /** What `print` is followed by, for every way in which it prints. */
  readonly prints = new Map<string, PrintNote>();
  readonly #flow: Flow;
  readonly #marked = new Map<Guard, number>();

  constructor(flow: Flow, names: InternalNames) {
    const { functions, prints, boundNames } = flow.notes;
    const isBound = [...prints.values()].some((print) => print.bound !== undefined);
    this.isTracked = functions.size > 0 || isBound || boundNames.size > 0 || flow.floats;
    this.#flow = flow;
    this.names = names;
  }

  /** Whether a function that prints awaits or yields. */
  get hasResumes(): boolean {
    return this.#flow.notes.resumes.size > 0;
  }

  /** Whether one returns outside of the place where it began. */
  get hasResults(): boolean {
    return this.#flow.notes.returns.size > 0;
  }

  /** The number of a place. */
  number(place: Context): number {
    const known = this.places.indexOf(place);
    return known === -1 ? this.places.push(place) - 1 : known;
  }

  escaper(name: EscaperName | 'plain'): string {
    if (name === 'plain') return this.names.plain;
    if (name === 'text') return this.names.text;
    this.escapers.add(name);
    return this.names.escaper(name);
  }

  mark(guard: Guard): string {
    const known = this.#marked.get(guard) ?? this.#marked.size;
    this.#marked.set(guard, known);
    return this.names.mark(known);
  }

  setMark(guard: Guard): string {
    return `${this.mark(guard)}=${this.names.out}.length`;
  }

  /** `at` gets a place; nothing where it is not kept. */
  setAt(place: Context): string {
    return this.isTracked ? `${this.names.at}=${this.number(place)}` : '';
  }

  /** Line and column of an offset. */
  position(offset: number): { line: number; column: number } {
    return this.#flow.at(offset);
  }

  /** Throws unless the page's code is in a place. */
  check(place: Context, offset: number): string {
    const { line, column } = this.position(offset);
    const number = this.number(place);
    return `${this.names.at}===${number}||${this.names.misplaced}(${number},${line},${column})`;
  }

  /** What goes before code that runs in a place, as one expression; '' when nothing does. */
  before({ place, sets, guards }: CodePoint): string {
    if (!sets && guards.length === 0) return '';
    const marks = guards
      .filter((guard) => guard.outside && guard.entry !== TEXT)
      .map((guard) => (guard.entry === place ? `${this.mark(guard)}=-1` : this.#markOnce(guard)));
    return [sets ? this.setAt(place) : '', ...marks].filter((part) => part !== '').join(',');
  }

  #markOnce(guard: Guard): string {
    return `${this.mark(guard)}<0&&(${this.setMark(guard)})`;
  }

  /** Cuts off what was printed since code last ran in the guard's own context. */
  cut(guard: Guard): string {
    if (!guard.outside) return '';
    const { out } = this.names;
    const mark = this.mark(guard);
    const alike = guard.around.filter(({ outside, entry }) => outside && entry === guard.entry);
    const unmarks = [guard, ...alike].map((one) => `${this.mark(one)}=-1`);
    const parts = [`${out}=${out}.slice(0,${mark})`, this.setAt(guard.entry), ...unmarks];
    return `if(${mark}>=0){${parts.filter((part) => part !== '').join(';')}}`;
  }

  /** The guards whose context a value leaves when it is printed, and those into whose context it comes back. */
  crossed(context: Context, after: Context, guards: readonly Guard[]): { left: Guard[]; back: Guard[] } {
    const from = placeOf(context);
    const to = placeOf(after);
    const active = from === to ? [] : guards.filter((guard) => guard.outside);
    return {
      left: active.filter(({ entry }) => entry === from),
      back: active.filter(({ entry }) => entry === to),
    };
  }
}
