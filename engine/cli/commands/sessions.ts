// karrigell sessions list|show|delete|clear|gc: looks after the configured store. Ids are the SHA-256 of the real
// ones, so nothing printed here opens a session; values are masked unless asked for.

import { Problem } from '../../diagnostics/problem.ts';
import { openSessions, type SessionAdministration } from '../../session/index.ts';
import { configurationFor, type GlobalOptions } from '../options.ts';

/** Enough of a key to tell some thousand sessions apart. */
const SHORT_KEY = 12;

/** Lists the sessions. */
export async function list(
  options: GlobalOptions,
  { json = false, full = false }: { json?: boolean; full?: boolean },
): Promise<void> {
  await withStore(options, async (store) => {
    const rows = [];
    for await (const { key, size, created, expires } of store.list()) {
      const id = full ? key : key.slice(0, SHORT_KEY);
      rows.push({ id, size, created: iso(created), expires: expires === 0 ? null : iso(expires) });
    }
    if (json) return print(JSON.stringify(rows, null, 2));
    for (const { id, size, created, expires } of rows) {
      print(`${id}  ${size ?? '?'} bytes  created ${created ?? '?'}  expires ${expires ?? 'never'}`);
    }
    print(counted(rows.length));
  });
}

/** Shows one session. */
export async function show(
  options: GlobalOptions,
  id: string,
  { json = false, values = false }: { json?: boolean; values?: boolean },
): Promise<void> {
  await withStore(options, async (store) => {
    const attributes = await store.show(id);
    if (attributes === undefined) throw new Problem('no-such-session', { holes: { id } });
    const entries = Object.entries(attributes).map(([name, value]): [string, unknown] => [
      name,
      values ? value : `(${kindOf(value)})`,
    ]);
    if (json) return print(JSON.stringify(Object.fromEntries(entries), jsonValue, 2));
    for (const [name, value] of entries) {
      print(`${name}: ${values ? (JSON.stringify(value, jsonValue) ?? 'undefined') : value}`);
    }
  });
}

/** Deletes one session. */
export async function remove(options: GlobalOptions, id: string): Promise<void> {
  await withStore(options, async (store) => {
    if (!(await store.delete(id))) throw new Problem('no-such-session', { holes: { id } });
    print('1 session deleted');
  });
}

/** Deletes all sessions. */
export async function clear(options: GlobalOptions): Promise<void> {
  await withStore(options, async (store) => print(`${counted(await store.clear())} deleted`));
}

/** Removes what is over. */
export async function gc(options: GlobalOptions): Promise<void> {
  await withStore(options, async (store) => print(`${counted(await store.gc())} removed`));
}

async function withStore(
  options: GlobalOptions,
  work: (store: SessionAdministration) => Promise<void>,
): Promise<void> {
  const { config, base_dir } = configurationFor(options);
  if (config.persistent_session === false) throw new Problem('sessions-in-memory');
  const sessions = await openSessions(config, {
    base_dir,
    log: (_, message) => process.stderr.write(`${message}\n`),
  });
  try {
    await work(sessions.administration);
  } finally {
    await sessions.close();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'session' : 'sessions'}`;
}

function iso(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** What a masked value is: enough to see whether it is there. */
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `text of ${value.length} characters`;
  if (Array.isArray(value)) return `list of ${value.length}`;
  if (typeof value !== 'object') return typeof value;
  return value.constructor === Object || value.constructor === undefined ? 'object' : value.constructor.name;
}

/** What a session may hold and JSON does not know. */
function jsonValue(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (value instanceof Map) return [...value];
  if (value instanceof Set) return [...value];
  return value;
}
