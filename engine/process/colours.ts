// Colours on a terminal.

import { styleText } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether to write colours to a stream: if it is a terminal and NO_COLOR is not set, or if FORCE_COLOR asks for them. */
export function wantsColours(stream: { readonly isTTY?: boolean }, env: Environment): boolean {
  if (isSet(env.NO_COLOR)) return false;
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return stream.isTTY === true && env.TERM !== 'dumb';
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

/** Colours a text, or returns it unchanged. */
export type Paint = (colour: 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold', text: string) => string;

/** The Paint for a stream; `colours` is the result of `wantsColours()`. */
export function paint(colours: boolean): Paint {
  return colours ? (colour, text) => styleText(colour, text, { validateStream: false }) : (_, text) => text;
}
