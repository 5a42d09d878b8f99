// max_sessions in memory (docs/configuration.md): which session is evicted when another one begins. The rule is held against a model
// that is nothing but the rule, over any order of visits.

import assert from 'node:assert/strict';
import test from 'ava';
import fc from 'fast-check';
import { sessionKey } from '../../engine/session/request/session-id.ts';
import { serveSite } from '../site-fixture.ts';
import { Visitor as Browser } from '../visitor.ts';
import { MEMORY } from './rows/memory.ts';
import { openSite, set, type TestSite, Visitor } from './site.ts';

/** One step of a random history; `who` picks one of the visitors that there are. */
type Step =
  | { readonly does: 'begin' | 'look' | 'begin fresh' | 'log in fresh' }
  | { readonly does: 'return' | 'log in' | 'start long' | 'log in long' | 'log out'; readonly who: number }
  | { readonly does: 'begin long' }
  | { readonly does: 'end long'; readonly who: number }
  | { readonly does: 'limit'; readonly to: number };

const WHO = ['return', 'log in', 'start long', 'log in long', 'log out', 'end long'] as const;
const NOBODY = ['begin', 'begin', 'begin', 'look', 'begin fresh', 'log in fresh', 'begin long'] as const;

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ does: fc.constantFrom(...NOBODY) }) },
    { weight: 6, arbitrary: fc.record({ does: fc.constantFrom(...WHO), who: fc.nat({ max: 30 }) }) },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant('limit' as const), to: fc.integer({ min: 1, max: 15 }) }),
    },
  ),
  { maxLength: 60 },
);

/** A promise that is resolved from outside. */
function gate(): { readonly promise: Promise<void>; open(): void } {
  let open = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open: () => open() };
}

/** The rule: two lists of visitors, the least recently used first. */
class Model {
  most: number;
  unprotected: Visitor[] = [];
  protected: Visitor[] = [];
  readonly running = new Set<Visitor>();

  constructor(most: number) {
    this.most = most;
  }

  get living(): Visitor[] {
    return [...this.unprotected, ...this.protected];
  }

  begins(visitor: Visitor, hasReturned: boolean): void {
    if (hasReturned) this.protect(visitor);
    else this.unprotected.push(visitor);
    this.evict(visitor);
  }

  returns(visitor: Visitor): void {
    if (!this.living.includes(visitor)) return;
    this.ends(visitor);
    this.protect(visitor);
  }

  ends(visitor: Visitor): void {
    this.unprotected = this.unprotected.filter((other) => other !== visitor);
    this.protected = this.protected.filter((other) => other !== visitor);
  }

  protect(visitor: Visitor): void {
    this.protected.push(visitor);
    this.unprotected.push(...this.protected.splice(0, this.protected.length - Math.floor(this.most * 0.9)));
  }

  limit(most: number): void {
    this.most = most;
    this.unprotected.push(...this.protected.splice(0, this.protected.length - Math.floor(most * 0.9)));
    this.evict();
  }

  evict(spared?: Visitor): void {
    for (const visitor of this.living) {
      if (this.living.length <= this.most) return;
      if (visitor !== spared && !this.running.has(visitor)) this.ends(visitor);
    }
  }
}

/** Visitors of one site, and the model of what becomes of them. */
class Tried {
  readonly site: TestSite;
  readonly model: Model;
  readonly visitors: Visitor[] = [];
  /** Long requests: how to end each. */
  readonly long: { readonly visitor: Visitor; end(): Promise<void> }[] = [];

  constructor(site: TestSite, most: number) {
    this.site = site;
    this.model = new Model(most);
  }

  async step(step: Step): Promise<void> {
    if (step.does === 'limit') return this.limit(step.to);
    if (!('who' in step)) return this.newcomer(step.does);
    if (step.does === 'end long') return this.endLong(step.who);
    const visitor = this.visitors[step.who % Math.max(1, this.visitors.length)];
    if (visitor === undefined || !this.model.living.includes(visitor) || this.model.running.has(visitor))
      return;
    this.model.returns(visitor);
    if (step.does === 'start long' || step.does === 'log in long')
      return this.startLong(visitor, step.does === 'log in long');
    await this.site.visit(visitor, (s) => {
      if (step.does === 'log in') s.regenerate();
      else if (step.does === 'log out') s.close();
      else s.n = 1;
    });
    if (step.does === 'log out') this.model.ends(visitor);
    this.model.evict(visitor);
  }

  async newcomer(does: string): Promise<void> {
    const visitor = new Visitor();
    if (does === 'look') return this.site.visit(visitor, () => undefined);
    this.visitors.push(visitor);
    const hasReturned = does.endsWith('fresh');
    if (hasReturned) await this.site.visit(visitor, () => undefined);
    if (does === 'begin long') return this.startLong(visitor, false);
    await this.site.visit(visitor, (s) => {
      if (does === 'log in fresh') s.regenerate();
      s.n = 1;
    });
    this.model.begins(visitor, hasReturned);
  }

  /** A page that has saved and still runs, under a new id perhaps. */
  async startLong(visitor: Visitor, regenerates: boolean): Promise<void> {
    const isNew = !this.model.living.includes(visitor);
    this.model.running.add(visitor);
    const saved = gate();
    const ended = gate();
    const page = this.site.visit(visitor, async (s) => {
      if (regenerates) s.regenerate();
      s.n = 1;
      await s.save();
      saved.open();
      await ended.promise;
      s.after = 1;
    });
    await saved.promise;
    if (isNew) this.model.begins(visitor, false);
    const end = () => {
      ended.open();
      return page;
    };
    this.long.push({ visitor, end });
  }

  async endLong(who: number): Promise<void> {
    const [one] = this.long.splice(who % Math.max(1, this.long.length), 1);
    if (one === undefined) return;
    await one.end();
    const { model } = this;
    (model.protected.includes(one.visitor) ? model.protected : model.unprotected).sort((a, b) =>
      a === one.visitor ? 1 : b === one.visitor ? -1 : 0,
    );
    model.running.delete(one.visitor);
    model.evict(one.visitor);
  }

  limit(most: number): void {
    this.site.sessions.configure({ ...this.site.config, max_sessions: most });
    this.model.limit(most);
  }
}

test('the session that is evicted when a new one begins is that of the rule, in any order of visits', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 12 }), steps, async (most, taken) => {
      const site = await openSite(MEMORY, {}, { max_sessions: most });
      const tried = new Tried(site, most);
      try {
        for (const step of taken) {
          await tried.step(step);
          const running = new Map(tried.long.map(({ visitor }) => [visitor, true]));
          const living = await keysIn(site);
          assert.equal(living.size, tried.model.living.length);
          for (const visitor of tried.visitors) {
            // The id that a running page got is not in its browser yet.
            if (running.has(visitor)) continue;
            assert.equal(living.has(sessionKey(visitor.id ?? '')), tried.model.living.includes(visitor));
          }
        }
        // No request that runs has lost its session.
        for (const { end } of tried.long) await end();
      } finally {
        await site.close();
      }
    }),
    { numRuns: 150 },
  );
  t.pass();
});

async function keysIn(site: TestSite): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const { key } of site.sessions.administration.list()) keys.add(key);
  return keys;
}

test('any number of visitors without cookies log none of the active ones out', async (t) => {
  const site = await serveSite(
    t,
    {
      'index.pih':
        '<% const s = Session(); s.views = s.get("views", 0) + 1 %><%= s.views %> <%= s.get("user", "nobody") %>',
      'login.pih': '<% const s = Session(); s.regenerate(); s.user = _name %>in',
    },
    { max_sessions: 100 },
  );
  const active = Array.from({ length: 10 }, () => new Browser(site.url));
  for (const [n, browser] of active.entries()) {
    await browser.get('/');
    t.is(await browser.text(`/login?name=user${n}`), 'in');
  }
  for (let times = 0; times < 12; times++) {
    const crawlers = Array.from({ length: 25 }, () => site.text('/'));
    t.true((await Promise.all(crawlers)).every((text) => text === '1 nobody'));
  }
  for (const [n, browser] of active.entries()) t.regex(await browser.text('/'), new RegExp(` user${n}$`));
});

test('a session is not evicted while its request waits for the lock of another session', async (t) => {
  const site = await openSite(MEMORY, {}, { max_sessions: 1 });
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'n', 1));
  const ended = gate();
  const others: Promise<unknown>[] = [];
  const first = site.visit(visitor, () => ended.promise);
  const second = site.visit(visitor.twin(), (s) => s.n);
  others.push(site.visit(new Visitor(), (s) => set(s, 'n', 2)));
  ended.open();
  await first;
  t.is(await second, 1);
  await Promise.all(others);
});

test('a request that stops waiting for its lock unpins its session', async (t) => {
  const site = await openSite(MEMORY, { lock_timeout: 0.01 }, { max_sessions: 1 });
  t.teardown(() => site.close());
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'n', 1));
  const ended = gate();
  const first = site.visit(visitor, () => ended.promise);
  await t.throwsAsync(
    site.visit(visitor.twin(), (s) => s.n),
    { code: 'session-locked' },
  );
  ended.open();
  await first;
  await site.visit(new Visitor(), (s) => set(s, 'n', 2));
  t.is(await site.visit(visitor, (s) => s.get('n')), undefined);
});
