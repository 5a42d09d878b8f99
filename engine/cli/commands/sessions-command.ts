// The commands `karrigell sessions list|show|delete|clear|gc`, which administer the configured store. They print the
// SHA-256 of ids, with which no session can be opened; values are masked unless `--values` is given.

import { Problem } from '../../diagnostics/problem.ts';
import type { SessionSummary, WorkOptions } from '../../session/index.ts';
import type { GlobalOptions } from '../global-options.ts';
import { attributeNameText, jsonText, maskedValue, onOneLine } from '../sessions/attribute-text.ts';
import { type SessionCommand, withStore } from '../sessions/configured-store.ts';
import { confirmed } from '../sessions/confirmation.ts';
import { ageText, sessionCount, sizeText } from '../sessions/human-units.ts';
import type { LineOutput } from '../sessions/line-output.ts';
import { ProgressLine } from '../sessions/progress-line.ts';

/** The number of digits printed of a key: enough to distinguish some thousand sessions. */
const SHORT_KEY = 12;

interface Flags {
  readonly json?: boolean;
}

/** Lists the sessions one by one, because all of them may not fit into memory. */
export async function listSessions(
  options: GlobalOptions,
  flags: Flags & { readonly full?: boolean },
): Promise<void> {
  await withStore(options, async (opened) => {
    const { out, sessions } = opened;
    const write = flags.json ? listAsJson : listForPeople;
    await inSight('listing sessions', opened, !flags.json && !process.stdout.isTTY, (work) =>
      write(out, until(out, sessions.administration.list(work)), flags.full ? undefined : SHORT_KEY),
    );
  });
}

/** Shows one session. */
export async function showSession(
  options: GlobalOptions,
  id: string,
  { json, values }: Flags & { readonly values?: boolean },
): Promise<void> {
  await withStore(options, async ({ sessions, out }) => {
    const attributes = await sessions.administration.show(id);
    if (attributes === undefined) throw new Problem('no-such-session', { params: { id } });
    if (json) {
      const shown = Object.entries(attributes).map(([name, value]) => [
        name,
        values ? value : maskedValue(value),
      ]);
      return out.line(jsonText(Object.fromEntries(shown), 2));
    }
    for (const [name, value] of Object.entries(attributes))
      await out.line(`${attributeNameText(name)}: ${values ? onOneLine(value) : maskedValue(value)}`);
  });
}

/** Deletes one session. */
export async function deleteSession(options: GlobalOptions, id: string, { json }: Flags): Promise<void> {
  await withStore(options, async ({ sessions, out }) => {
    if (!(await sessions.administration.delete(id))) throw new Problem('no-such-session', { params: { id } });
    await out.line(json ? jsonText({ deleted: 1 }) : `${sessionCount(1)} deleted`);
  });
}

/** Deletes all sessions. */
export async function clearSessions(
  options: GlobalOptions,
  { json = false, yes = false }: Flags & { readonly yes?: boolean },
): Promise<void> {
  await withStore(options, async (opened) => {
    const { sessions, out } = opened;
    const asked = yes || (await confirmed(`Delete all sessions in ${sessions.description}?`));
    if (!asked) throw new Problem('sessions-kept');
    const deleted = await inSight('deleting sessions', opened, !json, (work) =>
      sessions.administration.clear(work),
    );
    await out.line(json ? jsonText({ deleted }) : `${sessionCount(deleted)} deleted${ending(opened)}`);
  });
}

/** Deletes expired sessions. */
export async function sweepSessions(options: GlobalOptions, { json = false }: Flags): Promise<void> {
  await withStore(options, async (opened) => {
    const { sessions, out } = opened;
    const removed = await inSight('deleting expired sessions', opened, !json, (work) =>
      sessions.administration.gc(work),
    );
    await out.line(json ? jsonText({ removed }) : `${sessionCount(removed)} removed${ending(opened)}`);
  });
}

/** Runs long work that a signal stops, and shows its progress on a terminal. */
async function inSight<Result>(
  what: string,
  { stopped }: SessionCommand,
  wanted: boolean,
  run: (work: WorkOptions) => Promise<Result>,
): Promise<Result> {
  const progress = new ProgressLine(what, process.stderr, wanted);
  try {
    return await run({ signal: stopped, ...(progress.wanted ? { progress: progress.show } : {}) });
  } finally {
    progress.clear();
  }
}

function ending({ stopped }: SessionCommand): string {
  return stopped.aborted ? ', then it was stopped' : '';
}

/** The sessions, until the reader closes the stream. */
async function* until(
  out: LineOutput,
  summaries: AsyncIterable<SessionSummary>,
): AsyncGenerator<SessionSummary> {
  for await (const summary of summaries) {
    if (out.closed) return;
    yield summary;
  }
}

/** Prints a JSON array with one object on each line. */
async function listAsJson(
  out: LineOutput,
  summaries: AsyncIterable<SessionSummary>,
  digits?: number,
): Promise<void> {
  let before = '[';
  for await (const { key, size = null, created, expires } of summaries) {
    const times = { created: iso(created), expires: expires === 0 ? null : iso(expires) };
    await out.line(`${before}${jsonText({ id: key.slice(0, digits), size, ...times })}`);
    before = ',';
  }
  await out.line(before === '[' ? '[]' : ']');
}

async function listForPeople(
  out: LineOutput,
  summaries: AsyncIterable<SessionSummary>,
  digits?: number,
): Promise<void> {
  const now = Date.now();
  let count = 0;
  let total = 0;
  for await (const { key, size, created, expires } of summaries) {
    const began = created === undefined ? 'cannot be read' : `created ${ageText(created, now)}`;
    const ends = expires === 0 ? 'never ends' : `ends ${ageText(expires, now)}`;
    const room = size === undefined ? '' : sizeText(size).padStart(10);
    await out.line(`${key.slice(0, digits)}${room}  ${began.padEnd(20)}  ${ends}`);
    count++;
    total += size ?? 0;
  }
  await out.line(total > 0 ? `${sessionCount(count)}, ${sizeText(total)}` : sessionCount(count));
}

function iso(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
