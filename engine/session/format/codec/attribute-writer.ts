// The base of the encoder: the text, the path of the current value, the budget, and the errors that name the path. Each property
// is read once, and never through an accessor.

import { Problem } from '../../../diagnostics/problem.ts';
import { LIMIT_TEXT, type SessionBudget } from './session-budget.ts';

/** A step from a value to a value inside it. */
export type PathStep =
  | number
  | string
  | symbol
  | { readonly entry: number; readonly part: 'key' | 'value' }
  | { readonly member: number };

/** Longer names are cut, so that the message stays readable. */
const MAX_NAME_LENGTH = 60;

/** The text of one attribute while it is written. */
export class AttributeWriter {
  protected text = '';
  /** The steps from the attribute to the current value. */
  protected readonly steps: PathStep[] = [];
  readonly #attribute: string;
  readonly #budget: SessionBudget;

  constructor(attribute: string, budget: SessionBudget) {
    this.#attribute = attribute;
    this.#budget = budget;
  }

  protected write(text: string): void {
    this.take(text.length, 'data');
    this.text += text;
  }

  /** Counts characters. `type` names the value in the error. */
  protected take(characters: number, type: string): void {
    if (!this.#budget.take(characters)) throw this.#tooBig(type);
  }

  /** Throws if the budget is too small for this number of characters. */
  protected assertFits(characters: number, type: string): void {
    if (!this.#budget.has(characters)) throw this.#tooBig(type);
  }

  /** The value of a property. Throws unless it is an enumerable value under a string. */
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
    return new Problem('session-too-big', { params: { path, type, limit: LIMIT_TEXT }, value: path });
  }

  get #path(): string {
    return valuePath(this.#attribute, this.steps);
  }
}

/** The path from an attribute along the steps. */
function valuePath(attribute: string, steps: readonly PathStep[]): string {
  return steps.reduce(pathAfter, shortened(attribute));
}

function pathAfter(path: string, step: PathStep): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (typeof step === 'symbol') return `${path}[${shortened(String(step))}]`;
  if (typeof step === 'string') return memberPath(path, step);
  if ('member' in step) return `${path}, member ${step.member}`;
  return `the ${step.part} of ${path}, entry ${step.entry}`;
}

function memberPath(path: string, key: string): string {
  const name = shortened(key);
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name)
    ? `${path}.${name}`
    : `${path}[${JSON.stringify(name)}]`;
}

/** A name, cut for a message. */
export function shortened(name: string): string {
  return name.length <= MAX_NAME_LENGTH ? name : `${name.slice(0, MAX_NAME_LENGTH)}…`;
}
