// A store whose write takes longer than its time limit: the visitor gets 503, but the write goes on. It must not replace an
// entry that is written and acknowledged later.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { Problem } from '../../../engine/diagnostics/problem.ts';
import { set, TestSite, Visitor } from '../site.ts';
import type { Slow } from './own/slow-store.ts';
import { ownStore, placeFor } from './own-stores.ts';

/** Makes the next call of a method last until end(). */
class Slowness {
  #next: { readonly method: string; readonly until: Promise<void> } | undefined;
  /** The calls of the store that changed something, in order. */
  readonly calls: string[] = [];

  /** The next call of this method waits. */
  begin(method: string): { end(): void } {
    let end = () => {};
    const until = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#next = { method, until };
    return { end };
  }

  readonly slow: Slow = async (method) => {
    this.calls.push(method);
    if (this.#next?.method !== method) return;
    const { until } = this.#next;
    this.#next = undefined;
    await until;
    this.calls.push(`${method} ends`);
  };
}

/** A site over a slow store, and a visitor whose name is in their session. */
async function slowSite(t: ExecutionContext, shape: string) {
  await placeFor(t);
  const dir = await mkdtemp(path.join(tmpdir(), 'karrigell-slow-store-'));
  const slowness = new Slowness();
  const config = { store: ownStore('slow-store'), shape, slow: slowness.slow };
  const site = new TestSite(dir, { dir, config, remove: async () => undefined });
  await site.open();
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'name', 'first'));
  slowness.calls.length = 0;
  return { site, slowness, visitor };
}

async function away(t: ExecutionContext, visit: Promise<unknown>): Promise<string> {
  const problem = await t.throwsAsync(visit, { instanceOf: Problem });
  t.is(problem?.code, 'session-store-unavailable');
  t.is(problem?.status, 503);
  return problem?.text ?? '';
}

for (const shape of ['entries', 'express']) {
  test(`${shape}: a write that is too late ends before the next one of its session begins`, async (t) => {
    const { site, slowness, visitor } = await slowSite(t, shape);
    const late = slowness.begin('save');
    await away(
      t,
      site.visit(visitor.twin(), (s) => set(s, 'name', 'late')),
    );
    const next = site.visit(visitor.twin(), (s) => {
      const seen = s.name;
      s.name = 'next';
      return seen;
    });
    await pause(100);
    late.end();
    t.is(await next, 'late');
    t.is(await site.visit(visitor, (s) => s.name), 'next');
    t.deepEqual(
      slowness.calls.filter((call) => call.startsWith('save')),
      ['save', 'save ends', 'save'],
    );
  });

  test(`${shape}: session-store-unavailable: a write that never ends holds up only the writers of its session`, async (t) => {
    const { site, slowness, visitor } = await slowSite(t, shape);
    const late = slowness.begin('save');
    await away(
      t,
      site.visit(visitor.twin(), (s) => set(s, 'name', 'late')),
    );
    const other = new Visitor();
    await site.visit(other, (s) => set(s, 'name', 'other'));
    t.is(await site.visit(other, (s) => s.name), 'other');
    const seen = await site.visit(visitor.twin(), (s) => s.name, { read_only: true });
    t.is(seen, 'first');
    const said = await away(
      t,
      site.visit(visitor.twin(), (s) => set(s, 'name', 'next')),
    );
    t.regex(said, /change of this session has been under way for \d+ s and has not ended/);
    late.end();
    await site.visit(visitor.twin(), (s) => set(s, 'name', 'next'));
    t.is(await site.visit(visitor, (s) => s.name), 'next');
  });
}

test('entries: requests that wait to move a deadline behind a write that never ends get 503 with it', async (t) => {
  const { site, slowness, visitor } = await slowSite(t, 'entries');
  site.now += 600_000;
  const late = slowness.begin('save');
  const visits = Array.from({ length: 8 }, () =>
    site.visit(visitor.twin(), (s) => s.name, { read_only: true }),
  );
  await Promise.all(visits.map((visit) => away(t, visit)));
  late.end();
  t.is(await site.visit(visitor, (s) => s.name), 'first');
});

test('express: a deadline that is moved without end holds up no other session', async (t) => {
  const { site, slowness, visitor } = await slowSite(t, 'express');
  const other = new Visitor();
  await site.visit(other, (s) => set(s, 'name', 'other'));
  site.now += 600_000;
  const late = slowness.begin('save');
  const read = (visiting: Visitor) => site.visit(visiting, (s) => s.name, { read_only: true });
  await away(t, read(visitor));
  t.is(await read(other), 'other');
  late.end();
  t.is(await read(visitor), 'first');
});
