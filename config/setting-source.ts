// Where a value of the configuration was given, so that an error can say so and point there.

import type { Place } from '../engine/diagnostics/problem.ts';
import type { JsonFile } from './json-file.ts';

/** Where the value of one setting came from. */
export type Origin = 'default' | 'file' | `env ${string}` | 'option';

/** One place that gives settings: the file, one environment variable, the options. */
export interface SettingSource {
  readonly origin: Exclude<Origin, 'default'>;
  /** The settings as they are written there, nested as in the file. */
  readonly input: unknown;
  /** To stand after a value: " (from KARRIGELL_PORT)"; empty where the place says it. */
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

/** A copy of what JSON has; undefined counts as left out, a function is shown as text and so refused. */
function jsonLike(input: unknown): unknown {
  const text = JSON.stringify(input, (_, value: unknown) =>
    typeof value === 'function' || typeof value === 'bigint' || typeof value === 'symbol'
      ? String(value)
      : value,
  );
  const copy: unknown = text === undefined ? null : JSON.parse(text);
  return copy;
}
