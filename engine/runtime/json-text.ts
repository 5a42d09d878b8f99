// The text of RESPONSE.json(): JSON.stringify, which loses some values without a word. These are errors here that name the path.

import { Problem } from '../diagnostics/problem.ts';
import { Html, Trusted } from '../escaping/trusted-text.ts';

/**
 * The value as JSON. Markup and trusted texts are strings.
 * @throws Problem `response-json`
 */
export function jsonText(value: unknown): string {
  const walk = new JsonWalk();
  const text: string | undefined = JSON.stringify(value, function (this: object, key, member) {
    return walk.member(this, key, member);
  });
  return text ?? walk.refuse('', 'undefined');
}

/** The objects around the current value, in order to find cycles and to name the path. */
class JsonWalk {
  readonly #holders: object[] = [];
  readonly #keys: string[] = [];

  /** @param holder the object that has the value, which JSON.stringify has called toJSON of */
  member(holder: object, key: string, value: unknown): unknown {
    while (this.#holders.length > 0 && this.#holders.at(-1) !== holder) {
      this.#holders.pop();
      this.#keys.pop();
    }
    if (typeof value !== 'object' || value === null) return this.#primitive(key, value);
    if (value instanceof Html || value instanceof Trusted) return String(value);
    const lost = lostKind(value);
    if (lost !== undefined) return this.refuse(key, lost);
    if (this.#holders.includes(value)) return this.refuse(key, 'an object that contains itself');
    this.#holders.push(value);
    this.#keys.push(key);
    return value;
  }

  #primitive(key: string, value: unknown): unknown {
    const kind = typeof value;
    return kind === 'bigint' || kind === 'function' || kind === 'symbol'
      ? this.refuse(key, `a ${kind}`)
      : value;
  }

  refuse(key: string, kind: string): never {
    const path = [...this.#keys, key].filter((part, index) => index > 0 || part !== '');
    throw new Problem('response-json', { params: { path: ['value', ...path].reduce(joined), kind } });
  }
}

function joined(path: string, key: string): string {
  if (/^\d+$/.test(key)) return `${path}[${key}]`;
  return /^[\w$]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}

/** Objects whose contents JSON.stringify leaves out. */
const LOST: ReadonlySet<string> = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Promise', 'RegExp', 'Error']);

/** The kind of an object that would become `{}`; undefined for all others. */
function lostKind(value: object): string | undefined {
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (LOST.has(kind)) return /^[AEIOU]/.test(kind) ? `an ${kind}` : `a ${kind}`;
  return 'then' in value && typeof value.then === 'function' ? 'a Promise' : undefined;
}
