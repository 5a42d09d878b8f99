import { inspect } from 'node:util';
import test from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { SessionAttributeError } from '../../engine/session/index.ts';
import { everyStore } from './every-store.ts';
import { MEMORY } from './rows/memory.ts';
import { openSite, type TestPage, Visitor } from './site.ts';

everyStore(
  'an attribute that one page sets is read, changed and deleted by another',
  async (t, site, row) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => {
      s.name = 'Jean';
      s.cart = ['apple'];
    });
    t.is(visitor.received.length, 1);
    await site.visit(visitor, (s) => {
      t.is(s.name, 'Jean');
      (s.cart as string[]).push('pear');
      delete s.name;
    });
    t.is(visitor.received.length, row.carried ? 1 : 0);
    await site.visit(visitor, (s) => {
      t.false('name' in s);
      t.deepEqual(s.cart, ['apple', 'pear']);
      t.deepEqual(Object.keys(s), ['cart']);
      t.is(JSON.stringify(s), '{"cart":["apple","pear"]}');
      t.deepEqual({ ...s }, { cart: ['apple', 'pear'] });
      t.is(inspect(s), "Session { cart: [ 'apple', 'pear' ] }");
    });
  },
);

everyStore('session-attribute-missing: a missing attribute is an error that names it', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => {
    const error = t.throws(() => s.name, { instanceOf: SessionAttributeError });
    t.is(error?.message, "this session has no attribute 'name'");
    t.is(error?.name, 'SessionAttributeError');
    t.is(error?.status, 500);
    t.is(s.get('name'), undefined);
    t.is(s.get('name', 'nobody'), 'nobody');
    t.false(s.has('name'));
  });
});

everyStore('the language, promises and JSON may ask for names without an error', async (t, site) => {
  await site.visit(new Visitor(), async (s) => {
    t.is(await Promise.resolve(s), s);
    t.is(`${s}`, '[object Object]');
    t.is(s.toJSON, undefined);
    t.is(s.constructor, Object);
    t.is(typeof s.valueOf, 'function');
    t.is(Reflect.get(s, Symbol.iterator), undefined);
  });
});

everyStore('session-name-reserved: a member is not assigned, but set() takes the name', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => {
    const problem = t.throws(() => Reflect.set(s, 'id', 5), { instanceOf: Problem });
    t.is(problem?.code, 'session-name-reserved');
    t.true(problem?.remedy.includes("s.set('id', 5)"));
    s.set('id', 5);
  });
  await site.visit(visitor, (s) => {
    t.is(s.get('id'), 5);
    t.is(typeof s.id, 'string');
  });
});

everyStore('session-name-symbol: attributes have strings as names', async (t, site) => {
  await site.visit(new Visitor(), (s) => {
    const problem = t.throws(() => Reflect.set(s, Symbol('x'), 5), { instanceOf: Problem });
    t.is(problem?.code, 'session-name-symbol');
  });
});

everyStore('several calls of Session() give the same object', async (t, site) => {
  await site.visit(new Visitor(), (s, open) => {
    t.is(open(), s);
    t.is(open({ touch: false }), s);
  });
});

everyStore('session-lock-missing: Session() without the lock is a clear error', async (t, site) => {
  const request = site.request();
  const problem = t.throws(() => request.open(), { instanceOf: Problem });
  t.is(problem?.code, 'session-lock-missing');
  await request.end();
  t.false(request.used);
});

everyStore('a page that does not use its session leaves no entry', async (t, site) => {
  const request = site.request();
  await request.begin('write');
  await request.end();
  t.deepEqual(request.cookies, []);
  t.is(request.snapshot(), undefined);
});

everyStore('names such as __proto__ are attributes like any other', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => s.set('__proto__', { admin: true }));
  await site.visit(visitor, (s) => {
    t.deepEqual(s.get('__proto__'), { admin: true });
    t.is(s.get('admin'), undefined);
  });
});

everyStore('flash values are kept until they are read once', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => void s.flash('note', 'saved'));
  await site.visit(visitor, () => undefined);
  t.is(await site.visit(visitor, (s) => s.flash('note')), 'saved');
  t.is(await site.visit(visitor, (s) => s.flash('note')), undefined);
});

everyStore(
  'flash values of a redirect are those of the session, after close() those of the new one',
  async (t, site) => {
    const visitor = new Visitor();
    for (const closes of [false, true]) {
      const request = site.request(visitor.header);
      await request.begin('write');
      if (closes) (request.open() as TestPage).close();
      request.flash({ note: closes, b: [1] });
      await request.end();
      t.true(request.used);
      visitor.receive(request.cookies);
      t.is(await site.visit(visitor, (s) => s.flash('note')), closes);
      t.deepEqual(await site.visit(visitor, (s) => s.flash('b')), [1]);
      t.is(await site.visit(visitor, (s) => s.flash('note')), undefined);
    }
  },
);

everyStore('the facts: id, is_new, created, expires', async (t, site) => {
  const visitor = new Visitor();
  await site.visit(visitor, (s) => {
    t.true(s.is_new);
    t.is(s.created.getTime(), site.now);
    s.a = 1;
  });
  const begun = site.now;
  site.now += 60_000;
  await site.visit(visitor, (s) => {
    t.false(s.is_new);
    t.true(s.id === visitor.id);
    t.is(s.created.getTime(), begun);
    t.true((s.expires?.getTime() ?? 0) >= site.now + 3600_000);
  });
});

everyStore("changes made before a page's own error are kept", async (t, site) => {
  const visitor = new Visitor();
  await t.throwsAsync(
    site.visit(visitor, (s) => {
      s.a = 1;
      throw new Error('oops');
    }),
    { message: 'oops' },
  );
  t.is(await site.visit(visitor, (s) => s.a), 1);
});

everyStore('the error page can show the attributes', async (t, site) => {
  const request = site.request();
  await request.begin('write');
  Reflect.set(request.open(), 'a', 1);
  t.deepEqual(request.snapshot(), { a: 1 });
  await request.end();
});

test('a site may want undefined for a missing attribute', async (t) => {
  const site = await openSite(MEMORY, { missing: 'undefined' });
  t.teardown(() => site.close());
  await site.visit(new Visitor(), (s) => t.is(s.name, undefined));
});

test('no call of the memory store returns a promise if no request holds the lock', async (t) => {
  const site = await openSite(MEMORY);
  t.teardown(() => site.close());
  let header: string | undefined;
  for (let run = 0; run < 3; run++) {
    const request = site.request(header);
    t.falsy(request.begin('write'));
    Reflect.set(request.open(), 'a', run);
    t.is(request.end(), undefined);
    header ??= request.cookies[0]?.split(';')[0];
  }
});

everyStore(
  'session-name-reserved: deleting a member is an error, the attribute of its name is deleted',
  async (t, site) => {
    const visitor = new Visitor();
    await site.visit(visitor, (s) => {
      for (const name of ['id', 'cookie', 'remember', 'get', 'close']) {
        const problem = t.throws(() => Reflect.deleteProperty(s, name), { instanceOf: Problem }, name);
        t.is(problem?.code, 'session-name-reserved');
      }
      s.set('id', 5);
    });
    await site.visit(visitor, (s) => {
      t.true(Reflect.deleteProperty(s, 'id'));
      t.is(s.get('id', 'gone'), 'gone');
      t.true(Reflect.deleteProperty(s, 'never_set'));
    });
  },
);
