// s.save() and s.update(): writing before the page ends, and what happens to later changes (docs/sessions.md).

import type { ExecutionContext } from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { SessionEndedError } from '../../engine/session/index.ts';
import { everyStore, type RuleOptions } from './every-store.ts';
import { set, type TestPage, type TestSite, Visitor } from './site.ts';

const rule = (
  title: string,
  run: (t: ExecutionContext, site: TestSite) => Promise<void>,
  needs: RuleOptions['needs'] = [],
) => everyStore(title, run, { session: { lock_timeout: 2 }, needs });

rule(
  'save() writes now and releases the lock',
  async (t, site) => {
    const visitor = await begun(site);
    await site.visit(visitor, async (s) => {
      s.a = 2;
      await s.save();
      await site.visit(visitor.twin(), (other) => t.is(other.a, 2));
    });
  },
  ['server'],
);

rule(
  'save() of a new session makes it known before the page ends',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, async (s) => {
      s.a = 1;
      await s.save();
      t.false(s.is_new);
      const other = new Visitor();
      other.header = `sessionId=${s.id}`;
      await site.visit(other, (o) => t.is(o.a, 1));
      s.b = 2;
    });
    await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 1, b: 2 }));
  },
  ['server'],
);

rule(
  'save() of a fresh session that stores nothing releases its lock',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, () => undefined);
    await site.visit(visitor, async (s) => {
      await s.save();
      await site.visit(visitor.twin(), (other) => set(other, 'b', 2));
      s.a = 1;
    });
    await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 1, b: 2 }));
  },
  ['server'],
);

rule(
  'changes after save() are merged with changes of other requests',
  async (t, site) => {
    const visitor = await begun(site);
    await site.visit(visitor, async (s) => {
      s.list = [1];
      s.gone = 1;
      await s.save();
      await site.visit(visitor.twin(), (other) => {
        other.theirs = 1;
        other.a = 5;
        other.flash('note', 'theirs');
      });
      (s.list as number[]).push(2);
      s.set('mine', 1, { timeout: 60 });
      delete s.gone;
    });
    await site.visit(visitor, (s) => {
      t.deepEqual({ ...s }, { a: 5, list: [1, 2], theirs: 1, mine: 1 });
      t.is(s.flash('note'), 'theirs');
    });
    t.deepEqual(site.log, []);
    site.now += 60_000;
    await site.visit(visitor, (s) => t.false(s.has('mine')));
  },
  ['server'],
);

rule(
  'if two requests changed the same attribute, this page wins and it is logged',
  async (t, site) => {
    const visitor = await begun(site);
    await site.visit(visitor, async (s) => {
      await s.save();
      await site.visit(visitor.twin(), (other) => set(other, 'a', 'theirs'));
      s.a = 'mine';
      s.b = 1;
      s.b = 2;
    });
    await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 'mine', b: 2 }));
    t.is(site.log.length, 1);
    t.regex(site.log[0] ?? '', /^warn: page 'test\.pih' changed session attribute 'a' after save\(\)/);
    t.false(site.log[0]?.includes('theirs'));
  },
  ['server'],
);

rule(
  'save() may be called again',
  async (t, site) => {
    const visitor = await begun(site);
    await site.visit(visitor, async (s) => {
      s.a = 2;
      await s.save();
      s.b = 1;
      await s.save();
      await site.visit(visitor.twin(), (other) => t.deepEqual({ ...other }, { a: 2, b: 1 }));
    });
  },
  ['server'],
);

rule(
  'close() after save() ends the session',
  async (t, site) => {
    const visitor = await begun(site);
    const late = visitor.twin();
    await site.visit(visitor, async (s) => {
      await s.save();
      s.close();
    });
    t.is(visitor.header, undefined);
    await site.visit(late, (s) => t.throws(() => set(s, 'a', 1), { instanceOf: SessionEndedError }));
  },
  ['server'],
);

rule(
  'save() after close() ends it at once',
  async (t, site) => {
    const visitor = await begun(site);
    await site.visit(visitor, async (s) => {
      s.close();
      await s.save();
      await site.visit(visitor.twin(), (other) => t.deepEqual(Object.keys(other), []));
    });
  },
  ['server'],
);

rule('regenerate() with save(), before and after', async (t, site) => {
  const visitor = await begun(site);
  await site.visit(visitor, async (s) => {
    s.regenerate();
    await s.save();
    s.b = 2;
  });
  await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 1, b: 2 }));
  await site.visit(visitor, async (s) => {
    await s.save();
    s.regenerate();
    s.c = 3;
  });
  await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 1, b: 2, c: 3 }));
});

rule('update() under the lock of the request runs at once, on a plain object', async (t, site) => {
  const visitor = await begun(site);
  await site.visit(visitor, async (s) => {
    let ran = false;
    const result = s.update((d) => {
      ran = true;
      t.is(d.missing, undefined);
      d.a = Number(d.a) + 1;
      return d.a;
    });
    t.true(ran);
    t.is(s.a, 2);
    t.is(await result, 2);
  });
  t.is(await site.visit(visitor, (s) => s.a), 2);
});

rule('update() creates a session', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => s.update((d) => Object.assign(d, { a: 1 })));
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

rule(
  'update() after save() works on the newest data and shows it',
  async (t, site) => {
    const visitor = await begun(site);
    await site.visit(visitor, async (s) => {
      s.cart = [1];
      const { cart } = s;
      await s.save();
      await site.visit(visitor.twin(), (other) => set(other, 'a', 10));
      s.b = 1;
      t.is(await s.update((d) => Object.assign(d, { a: Number(d.a) + 1 }).a), 11);
      t.is(s.a, 11);
      t.is(s.b, 1);
      (cart as number[]).push(2);
    });
    await site.visit(visitor, (s) => t.deepEqual({ ...s }, { a: 11, cart: [1, 2], b: 1 }));
    t.deepEqual(site.log, []);
  },
  ['server'],
);

rule('an error in update() is thrown, and its changes before it are kept', async (t, site) => {
  const visitor = await begun(site);
  await site.visit(visitor, async (s) => {
    await s.save();
    const failing = s.update((d) => {
      d.a = 7;
      throw new Error('oops');
    });
    await t.throwsAsync(failing, { message: 'oops' });
  });
  t.is(await site.visit(visitor, (s) => s.a), 7);
});

rule('session-update-async: the function must be synchronous', async (t, site) => {
  const visitor = await begun(site);
  await site.visit(visitor, async (s) => {
    const problem = await t.throwsAsync(
      s.update(async () => 1),
      { instanceOf: Problem },
    );
    t.is(problem?.code, 'session-update-async');
  });
});

rule(
  'a failure that the page did not await fails the request, a failure that it caught does not',
  async (t, site) => {
    const visitor = await begun(site);
    const oops = () => {
      throw new Error('oops');
    };
    await t.throwsAsync(
      site.visit(visitor, (s) => {
        s.update(oops);
      }),
      { message: 'oops' },
    );
    await site.visit(visitor, (s) => s.update(oops).catch(() => undefined));
    await site.visit(visitor, async (s) => {
      try {
        await s.update(oops);
      } catch {
        s.a = 3;
      }
    });
    t.is(await site.visit(visitor, (s) => s.a), 3);
  },
);

rule('calls that were not awaited are waited for at the end, in order', async (t, site) => {
  const visitor = await begun(site);
  const order: number[] = [];
  await site.visit(visitor, (s) => {
    s.save();
    for (const n of [1, 2, 3]) s.update((d) => order.push(Number(Object.assign(d, { n }).n)));
  });
  t.deepEqual(order, [1, 2, 3]);
  t.is(await site.visit(visitor, (s) => s.n), 3);
});

rule(
  'update() of a session that has ended is an error',
  async (t, site) => {
    const visitor = await begun(site);
    const ended = async (s: TestPage) =>
      t.throwsAsync(
        s.update(() => undefined),
        { instanceOf: SessionEndedError },
      );
    await site.visit(visitor, async (s) => {
      await s.save();
      await site.visit(visitor.twin(), (other) => other.close());
      await ended(s);
    });
    await site.visit(visitor, ended);
    await site.visit(visitor, async (s) => {
      s.close();
      await ended(s);
    });
  },
  ['server'],
);

rule(
  'a session that ended after save() is no error for a page that changes nothing more',
  async (t, site) => {
    const visitor = await begun(site);
    const late = visitor.twin();
    await site.visit(late, async (s) => {
      s.a = 2;
      await s.save();
      await site.visit(visitor, (other) => other.close());
    });
    t.deepEqual(late.received, []);
  },
  ['server'],
);

rule(
  'save() of a session that has ended fails each time',
  async (t, site) => {
    const visitor = await begun(site);
    await site.visit(visitor, async (s) => {
      s.a = 2;
      site.now += 7_200_000;
      await t.throwsAsync(s.save(), { instanceOf: SessionEndedError });
      await t.throwsAsync(s.save(), { instanceOf: SessionEndedError });
    });
  },
  ['server'],
);

async function begun(site: TestSite): Promise<Visitor> {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => set(s, 'a', 1));
  return visitor;
}
