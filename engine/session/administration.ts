// Looking after the stored sessions, for `karrigell sessions`.

import { Problem } from '../diagnostics/problem.ts';
import type { SessionAdministration, SessionSummary } from './face.ts';
import { plainCopy } from './record.ts';
import { type SessionSite, takeTurn } from './site.ts';

/** The administration of one server's store. */
export function administrationOf(site: SessionSite): SessionAdministration {
  return {
    list: () => summaries(site),
    show: (key) => show(site, key),
    delete: (key) => deleteSession(site, key),
    clear: () => clear(site),
    gc: () => sweepAll(site),
  };
}

async function* summaries(site: SessionSite): AsyncGenerator<SessionSummary> {
  for await (const { key, content, deadline, size } of site.store.list()) {
    yield { key, size, created: content.created, expires: deadline };
  }
}

async function show(site: SessionSite, beginning: string): Promise<Record<string, unknown> | undefined> {
  const key = await keyBeginning(site, beginning);
  if (key === undefined) return undefined;
  const found = await site.store.read(key);
  return found.state === 'live' ? plainCopy(found.content.data) : undefined;
}

async function deleteSession(site: SessionSite, beginning: string): Promise<boolean> {
  const key = await keyBeginning(site, beginning);
  return key === undefined ? false : remove(site, key);
}

async function clear(site: SessionSite): Promise<number> {
  let removed = 0;
  for await (const { key } of site.store.list()) if (await remove(site, key)) removed++;
  return removed;
}

async function remove(site: SessionSite, key: string): Promise<boolean> {
  const patience = site.config.session.lock_timeout;
  const held = await takeTurn(site, key, { page: 'karrigell sessions', patience });
  const there = held.found.state === 'live';
  const outcome = await held.commit({ kind: there ? 'remove' : 'keep' });
  return there && outcome === 'done';
}

/** A step removes so many at a time, so each is taken until it finds nothing more. */
async function sweepAll({ store }: SessionSite): Promise<number> {
  let removed = 0;
  for (let step = 0; step < store.sweepSteps; step++) {
    let last = await store.sweep(step);
    for (; last > 0; last = await store.sweep(step)) removed += last;
  }
  return removed;
}

/** The one key that begins so; undefined when there is none. */
async function keyBeginning(site: SessionSite, beginning: string): Promise<string | undefined> {
  let match: string | undefined;
  for await (const { key } of site.store.list()) {
    if (!key.startsWith(beginning)) continue;
    if (match !== undefined) throw new Problem('session-key-ambiguous', { holes: { key: beginning } });
    match = key;
  }
  return match;
}
