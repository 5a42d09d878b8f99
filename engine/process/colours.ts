// Whether a stream gets colours: only a terminal, never with NO_COLOR; FORCE_COLOR turns them on elsewhere too.

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether to write colours to this stream. */
export function wantsColours(stream: { readonly isTTY?: boolean }, env: Environment): boolean {
  if (isSet(env.NO_COLOR)) return false;
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return stream.isTTY === true && env.TERM !== 'dumb';
}

function isSet(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

/** Colours a text, or gives it as it is. */
export type Paint = (colour: 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold', text: string) => string;

const CODES = { red: 31, yellow: 33, green: 32, cyan: 36, dim: 2, bold: 1 } as const;

/** A Paint for a stream that gets colours or does not. */
export function paint(colours: boolean): Paint {
  return colours ? (colour, text) => `\x1b[${CODES[colour]}m${text}\x1b[0m` : (_, text) => text;
}
