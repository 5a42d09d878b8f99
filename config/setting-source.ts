// The sources of settings, so that an error can name the source of a value and its position.

import type { Place } from '../engine/diagnostics/problem.ts';
import type { JsonFile } from './json-file.ts';

/** The origin of a setting's value. */
export type Origin = 'default' | 'file' | `env ${string}` | 'option';

/** A source of settings: the file, one environment variable, or the options. */
export interface SettingSource {
  readonly origin: Exclude<Origin, 'default'>;
  /** The settings as they are written, nested as in the file. */
  readonly input: unknown;
  /** Words to append to a value: " (from KARRIGELL_PORT)"; empty if a position names the source. */
  readonly words: string;
  place(path: readonly string[], part: 'key' | 'value'): Place;
}

/** Settings from the configuration file. */
export function fileSource(json: JsonFile): SettingSource {
  return { origin: 'file', input: json.value, words: '', place: json.placeOf };
}

/** Settings from one environment variable. */
export function variableSource(name: string, input: unknown): SettingSource {
  return { origin: `env ${name}`, input, words: ` (from ${name})`, place: () => ({}) };
}

/** Settings from the command line or from a program. */
export function optionSource(input: unknown): SettingSource {
  return { origin: 'option', input: jsonLike(input), words: ' (from the options)', place: () => ({}) };
}

/**
 * A copy as JSON. Undefined members are omitted; functions, bigints and symbols become texts, which validation refuses.
 */
function jsonLike(input: unknown): unknown {
  const text = JSON.stringify(input, (_, value: unknown) =>
    typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol'
      ? String(value)
      : value,
  );
  const copy: unknown = text === undefined ? null : JSON.parse(text);
  return copy;
}
