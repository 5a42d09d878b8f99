// JSON of the site, with a Problem that names the place where it is wrong.

import { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';

/** @throws Problem `json-syntax` */
export function parseJson(source: string, file: string): unknown {
  try {
    return JSON.parse(source);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('json-syntax', {
      file,
      ...placeIn(message, source),
      holes: { reason: message },
    });
  }
}

/** V8 names the offset, but for a text that ends too early. */
function placeIn(message: string, source: string): { line: number; column: number } {
  const offset = /at position (\d+)/.exec(message)?.[1];
  return new Lines(source).at(offset === undefined ? source.trimEnd().length : Number(offset));
}
