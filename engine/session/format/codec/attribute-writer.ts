// What encode.ts writes with: the text so far, the place in the attribute, the budget, and the two errors that name the
// place. Properties are read here, each once and never through an accessor.

import { Problem } from '../../../diagnostics/problem.ts';
import { type Budget, LIMIT } from './session-budget.ts';
import { pathOf, type Step } from './value-path.ts';

/** The text of one attribute while it is written. */
export class Writer {
  protected text = '';
  /** From the attribute to the value that is written now. */
  protected readonly steps: Step[] = [];
  readonly #attribute: string;
  readonly #budget: Budget;

  constructor(attribute: string, budget: Budget) {
    this.#attribute = attribute;
    this.#budget = budget;
  }

  protected write(text: string): void {
    this.take(text.length, 'data');
    this.text += text;
  }

  /** Counts against the budget; `type` names what does not fit in. */
  protected take(characters: number, type: string): void {
    if (!this.#budget.take(characters)) throw this.#tooBig(type);
  }

  /** Throws if so much would not fit in. */
  protected assertFits(characters: number, type: string): void {
    if (!this.#budget.has(characters)) throw this.#tooBig(type);
  }

  /** The value of an own property that is an enumerable value under a string. */
  protected ownValue(owner: object, key: string | symbol): unknown {
    if (typeof key === 'symbol') throw this.unstorable('a property with a symbol as key');
    const own = Reflect.getOwnPropertyDescriptor(owner, key);
    if (own === undefined) throw this.unstorable('a property that its Proxy names and does not have');
    if (!('value' in own)) throw this.unstorable('an accessor (get or set) instead of a value');
    if (own.enumerable !== true) throw this.unstorable('a property that is not enumerable');
    return own.value;
  }

  protected assertNoOwnProperty(value: object, type: string): void {
    const [key] = Reflect.ownKeys(value);
    if (key === undefined) return;
    this.steps.push(key);
    throw this.unstorable(type);
  }

  protected unstorable(type: string, cause?: unknown): Problem {
    return new Problem('session-value-unstorable', {
      params: { path: this.#path, type },
      value: this.#path,
      cause,
    });
  }

  #tooBig(type: string): Problem {
    const path = this.#path;
    return new Problem('session-too-big', { params: { path, type, limit: LIMIT }, value: path });
  }

  get #path(): string {
    return pathOf(this.#attribute, this.steps);
  }
}
