// The order in which a request acquires its session lock, and the response if that fails.

import test from 'ava';
import { HttpError } from '../../engine/runtime/page-result.ts';
import { fakeSite } from './fake-site.ts';

test('a page without Session asks for none', async (t) => {
  const site = await fakeSite(t, { pages: { '/plain': () => 'plain' } });
  await site.ask('/plain');
  t.deepEqual(site.sessionCalls, []);
});

test('the lock is acquired when the body has been read, and released before the response', async (t) => {
  const order: string[] = [];
  const site = await fakeSite(t, {
    pages: {
      '/cart': {
        need: 'write',
        render: ({ session, QUERY }) => {
          order.push(`render ${QUERY.a}`, String(session !== undefined));
          return 'cart';
        },
      },
    },
    session: {
      begin: () => void order.push('begin'),
      end: () => void order.push('end'),
    },
    mounted: (handler, request, response) => {
      const end = response.end.bind(response);
      Object.assign(response, {
        end: (body: string) => {
          order.push('response');
          return end(body);
        },
      });
      handler.handle(request, response);
    },
  });
  await site.ask('/cart', {
    method: 'POST',
    body: new URLSearchParams({ a: '1' }),
    headers: { cookie: 'x=y' },
  });
  t.deepEqual(order, ['begin', 'render 1', 'true', 'end', 'response']);
  t.deepEqual(site.sessionCalls, ['request cart.pih x=y false', 'begin write', 'end']);
});

test('a page that called Session() is kept by no cache and carries the cookies', async (t) => {
  const site = await fakeSite(t, {
    pages: { '/s': { need: 'write', render: (scope) => String(scope.session() !== undefined) } },
    session: { cookies: ['sessionId=1; Path=/', 'other=2'] },
  });
  const response = await site.ask('/s');
  t.is(response.headers.get('cache-control'), 'private, no-store');
  t.is(response.headers.get('vary'), 'Cookie');
  t.deepEqual(response.headers.getSetCookie(), ['sessionId=1; Path=/', 'other=2']);
});

test('cache headers of the page win', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/s': {
        need: 'read',
        render: (scope) => {
          scope.session({ read_only: true });
          scope.RESPONSE.headers.set('Cache-Control', 'private, max-age=5');
          return '';
        },
      },
    },
  });
  const response = await site.ask('/s');
  t.is(response.headers.get('cache-control'), 'private, max-age=5');
  t.is(response.headers.get('vary'), 'Cookie');
});

test('an include found at run time acquires the lock through the scope', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/computed': async (scope) => {
        await scope.begin('write');
        return String(scope.session() !== undefined);
      },
    },
  });
  t.is(await (await site.ask('/computed')).text(), 'true');
  t.deepEqual(site.sessionCalls, ['request computed.pih - false', 'begin write', 'end']);
});

test('the lock is released after an error, a redirect and an HttpError, too', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/error': {
        need: 'write',
        render: () => {
          throw new Error('page');
        },
      },
      '/later': { need: 'write', render: () => Promise.reject(new Error('page')) },
      '/http': {
        need: 'write',
        render: () => {
          throw HttpError(410);
        },
      },
    },
  });
  for (const [path, status] of [
    ['/error', 500],
    ['/later', 500],
    ['/http', 410],
  ] as const) {
    site.sessionCalls.length = 0;
    t.is((await site.ask(path)).status, status);
    t.deepEqual(site.sessionCalls.slice(-2), ['begin write', 'end']);
  }
});

test('a session that could not be written is never answered by a page that pretends', async (t) => {
  for (const end of [() => Promise.reject(new Error('disk full')), thrown(new Error('disk full'))]) {
    const site = await fakeSite(t, {
      pages: { '/paid': { need: 'write', render: () => 'Thank you for your order' } },
      session: { end },
    });
    const response = await site.ask('/paid');
    t.is(response.status, 500);
    t.false((await response.text()).includes('Thank you'));
    t.is(site.logged.length, 1);
  }
});

test('a lock that cannot be acquired is answered as its error says', async (t) => {
  const site = await fakeSite(t, {
    pages: { '/busy': { need: 'write', render: () => 'never' } },
    session: { begin: thrown(HttpError(503)) },
  });
  const response = await site.ask('/busy');
  t.is(response.status, 503);
  t.regex(response.headers.get('retry-after') ?? '', /^\d+$/);
  t.false((await response.text()).includes('never'));
});

function thrown(error: Error): () => never {
  return () => {
    throw error;
  };
}
