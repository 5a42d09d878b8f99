// Writes arrays, plain objects and objects with a toJSON method as literals of JavaScript or JSON. Any other value is
// an error that names the path to it, and nothing is printed.

import { Problem } from '../diagnostics/problem.ts';
import { Html, Trusted } from './trusted-text.ts';

/** The syntax of one language. */
export interface LiteralSyntax {
  readonly language: 'JavaScript' | 'JSON';
  readonly undefined: string;
  readonly string: (value: string) => string;
  readonly number: (value: number) => string;
  /** undefined: the language has no bigint. */
  readonly bigint?: (value: bigint) => string;
  readonly key: (name: string) => string;
  /** The literal of a `safe` value: its code if it is trusted in this language, else its text as a string. */
  readonly trusted: (value: Trusted) => string;
}

/**
 * The value as a literal.
 * @throws Problem `script-value` or `output-promise`
 */
export function literalOf(value: unknown, literals: LiteralSyntax): string {
  return new LiteralWriter(literals).written(value, 'the value', '');
}

/** The walk over one value. It records the objects around the current one, in order to find cycles. */
class LiteralWriter {
  readonly #literals: LiteralSyntax;
  readonly #inside: object[] = [];

  constructor(literals: LiteralSyntax) {
    this.#literals = literals;
  }

  written(value: unknown, path: string, key: string): string {
    switch (typeof value) {
      case 'string':
        return this.#literals.string(value);
      case 'number':
        return this.#literals.number(value);
      case 'boolean':
        return String(value);
      case 'undefined':
        return this.#literals.undefined;
      case 'bigint':
        return this.#literals.bigint?.(value) ?? this.#refuse(path, 'a bigint');
      case 'object':
        return value === null ? 'null' : this.#object(value, path, key);
      default:
        return this.#refuse(path, `a ${typeof value}`);
    }
  }

  #object(value: object, path: string, key: string): string {
    if (this.#inside.includes(value)) return this.#refuse(path, 'an object that contains itself');
    this.#inside.push(value);
    const text = this.#contents(value, path, key);
    this.#inside.pop();
    return text;
  }

  #contents(value: object, path: string, key: string): string {
    if (value instanceof Html) return this.#literals.string(String(value));
    if (value instanceof Trusted) return this.#literals.trusted(value);
    if ('toJSON' in value && typeof value.toJSON === 'function') {
      return this.written(value.toJSON(key), path, key);
    }
    if (Array.isArray(value)) return this.#array(value, path);
    if ('then' in value && typeof value.then === 'function') throw new Problem('output-promise');
    return isPlain(value) ? this.#entries(value, path) : this.#refuse(path, classDescription(value));
  }

  #array(values: readonly unknown[], path: string): string {
    // map() would leave out the holes of the array.
    const items = Array.from(values, (item, index) => this.written(item, `${path}[${index}]`, String(index)));
    return `[${items.join(',')}]`;
  }

  #entries(value: object, path: string): string {
    const entries = Object.entries(value).map(
      ([name, item]) => `${this.#literals.key(name)}:${this.written(item, pathTo(path, name), name)}`,
    );
    return `{${entries.join(',')}}`;
  }

  #refuse(path: string, kind: string): never {
    throw new Problem('script-value', { params: { path, kind, language: this.#literals.language } });
  }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function classDescription(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an object of class ${name}` : 'an object of a class';
}

function pathTo(path: string, name: string): string {
  return /^[\w$]+$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}
