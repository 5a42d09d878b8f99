// Parses a JSON module; a syntax error is reported with its position.

import { parse } from '@humanwhocodes/momoa';
import { Lines } from '../../diagnostics/position.ts';
import { type Place, Problem } from '../../diagnostics/problem.ts';
import { messageOf } from '../../diagnostics/thrown.ts';

/** @throws Problem `json-syntax` */
export function parsedJsonModule(source: string, file: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    const message = messageOf(error);
    const reason = reasonIn(message);
    throw new Problem('json-syntax', { file, ...placeIn(message, source), params: { reason } });
  }
}

/** V8's reason without the position and the quoted text that V8 appends. */
function reasonIn(message: string): string {
  const ends = [' at position ', ', "', ', ..."'].map((mark) => message.indexOf(mark)).filter((at) => at > 0);
  return message.slice(0, Math.min(message.length, ...ends));
}

/** The position of the error. V8 gives no offset for an unknown word and for a text that ends too early. */
function placeIn(message: string, source: string): Place {
  const offset = /at position (\d+)/.exec(message)?.[1];
  if (offset !== undefined) return new Lines(source).at(Number(offset));
  const atEnd = new Lines(source).at(source.trimEnd().length);
  return message.includes('end of JSON input') ? atEnd : (unknownWord(source) ?? atEnd);
}

function unknownWord(source: string): Place | undefined {
  try {
    parse(source, { mode: 'json' });
  } catch (error) {
    if (!(error instanceof Error && 'line' in error && 'column' in error)) return undefined;
    return { line: Number(error.line), column: Number(error.column) };
  }
  return undefined;
}
