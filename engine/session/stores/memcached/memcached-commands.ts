// What is said to memcached, and what it answers, as values. Only what the text protocol has had since 1.5.3 (2017): the
// driver does not understand the answers to meta commands.

/** One command; with a value where it stores one. */
export interface Command {
  readonly line: string;
  readonly value?: string;
}

/** What stands under a name. The unique is another after each write, and only then. */
export interface Value {
  readonly text: string;
  readonly unique: string;
}

/** The word of an answer ('STORED', 'EXISTS', 'SERVER_ERROR …'), or the values that were asked for. */
export interface Reply {
  readonly word: string;
  readonly values: ReadonlyMap<string, Value>;
}

/** Seconds that have passed at once. */
const PAST = -1;

/** Reads values with their uniques. */
export function gets(...names: readonly string[]): Command {
  return { line: `gets ${names.join(' ')}` };
}

/** Moves when the server forgets a value. */
export function touch(name: string, seconds: number): Command {
  return { line: `touch ${name} ${seconds}` };
}

/** Writes where the value still has this unique, or, without one, where none is. */
export function replace(name: string, unique: string | undefined, value: string, seconds: number): Command {
  if (unique === undefined) return storing('add', name, value, seconds);
  return storing('cas', name, value, seconds, ` ${unique}`);
}

/** Removes a value if it still has this unique: writes one that is over at once, since 'delete' knows no condition. */
export function drop(name: string, unique: string): Command {
  return storing('cas', name, '', PAST, ` ${unique}`);
}

export function remove(name: string): Command {
  return { line: `delete ${name}` };
}

function storing(verb: string, name: string, value: string, seconds: number, unique = ''): Command {
  const line = `${verb} ${name} 0 ${seconds} ${Buffer.byteLength(value)}${unique}`;
  return { line, value };
}

/** The reply in what the driver resolves to: the words of a line, or an object of values by name. */
export function replyOf(answer: unknown): Reply {
  if (Array.isArray(answer)) return { word: answer.join(' '), values: new Map() };
  const values = new Map<string, Value>();
  for (const [name, found] of Object.entries(answer ?? {})) {
    const { value, casUniq } = { ...found };
    values.set(name, { text: String(value), unique: String(casUniq) });
  }
  return { word: 'END', values };
}

/** The reply in an error of the driver; undefined: the connection failed. */
export function refusalOf(error: unknown): Reply | undefined {
  if (!(error instanceof Error) || !('cmdTokens' in error)) return undefined;
  return replyOf(error.cmdTokens);
}
