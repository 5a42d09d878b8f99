// Commands and replies of memcached as values: the part of its text protocol that servers since 1.5.3 (2017) know. The client does not
// understand the replies to meta commands.

/** A command line, and the value that it stores. */
export interface MemcachedCommand {
  readonly line: string;
  readonly value?: string;
}

/** A stored value. Every write gives it another unique, which `cas` compares. */
export interface StoredValue {
  readonly text: string;
  readonly unique: string;
}

/** The reply: its first line ('STORED', 'EXISTS', 'SERVER_ERROR …'), or the values that a `gets` asked for. */
export interface MemcachedReply {
  readonly word: string;
  readonly values: ReadonlyMap<string, StoredValue>;
}

/** The time to live of a value that expires at once. */
const PAST = -1;

export function gets(...names: readonly string[]): MemcachedCommand {
  return { line: `gets ${names.join(' ')}` };
}

/** Sets the time to live of a value, in seconds. */
export function touch(name: string, seconds: number): MemcachedCommand {
  return { line: `touch ${name} ${seconds}` };
}

/** Writes a value if its unique is this one; without a unique, if there is no value. */
export function replace(
  name: string,
  unique: string | undefined,
  value: string,
  seconds: number,
): MemcachedCommand {
  if (unique === undefined) return storageCommand('add', name, value, seconds);
  return storageCommand('cas', name, value, seconds, ` ${unique}`);
}

/** Removes a value if its unique is this one. Because 'delete' knows no condition, it writes a value that expires at once. */
export function drop(name: string, unique: string): MemcachedCommand {
  return storageCommand('cas', name, '', PAST, ` ${unique}`);
}

export function remove(name: string): MemcachedCommand {
  return { line: `delete ${name}` };
}

function storageCommand(
  verb: string,
  name: string,
  value: string,
  seconds: number,
  unique = '',
): MemcachedCommand {
  const line = `${verb} ${name} 0 ${seconds} ${Buffer.byteLength(value)}${unique}`;
  return { line, value };
}

/** The reply from the result of the client: the words of a line, or an object of values by name. */
export function replyOf(answer: unknown): MemcachedReply {
  if (Array.isArray(answer)) return { word: answer.join(' '), values: new Map() };
  const values = new Map<string, StoredValue>();
  for (const [name, found] of Object.entries(answer ?? {})) {
    const { value, casUniq } = { ...found };
    values.set(name, { text: String(value), unique: String(casUniq) });
  }
  return { word: 'END', values };
}

/** The reply from an error of the client; undefined if the connection failed. */
export function refusalOf(error: unknown): MemcachedReply | undefined {
  if (!(error instanceof Error) || !('cmdTokens' in error)) return undefined;
  return replyOf(error.cmdTokens);
}
