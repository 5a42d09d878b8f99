// The handler over a socket: steps, errors and responses.

import test from 'ava';
import { HttpError, redirectTo } from '../../engine/runtime/page-result.ts';
import { fakeSite } from './fake-site.ts';

test('a page is answered as HTML with its length and the safe headers', async (t) => {
  const site = await fakeSite(t, { pages: { '/hello': () => '<p>héllo' } });
  const response = await site.ask('/hello');
  t.is(response.status, 200);
  t.is(response.headers.get('content-type'), 'text/html; charset=utf-8');
  t.is(response.headers.get('content-length'), '9');
  t.is(response.headers.get('x-content-type-options'), 'nosniff');
  t.is(response.headers.get('referrer-policy'), 'strict-origin-when-cross-origin');
  t.is(response.headers.get('content-security-policy'), "frame-ancestors 'self'");
  t.is(response.headers.get('cache-control'), null);
  t.is(await response.text(), '<p>héllo');
});

test('a page without await is answered before handle() returns', async (t) => {
  let endedAtOnce: boolean | undefined;
  const site = await fakeSite(t, {
    pages: { '/now': { render: (scope) => String(Boolean(scope.session())), need: 'write' } },
    mounted: (handler, request, response) => {
      handler.handle(request, response);
      endedAtOnce = response.writableEnded;
    },
  });
  t.is(await (await site.ask('/now')).text(), 'true');
  t.true(endedAtOnce);
});

test('the request is logged on one line without its query', async (t) => {
  const site = await fakeSite(t, { pages: { '/hello': () => 'hello' } });
  await site.ask('/hello?password=secret');
  t.regex(site.lines[0] ?? '', /^\d\d:\d\d:\d\d \[200\] GET \/hello \d+ ms$/);
});

test('HEAD runs the page and sends its head only', async (t) => {
  let ran = 0;
  const site = await fakeSite(t, { pages: { '/hello': () => `hello${++ran}` } });
  const response = await site.ask('/hello', { method: 'HEAD' });
  t.is(response.headers.get('content-length'), '6');
  t.is(await response.text(), '');
  t.is(ran, 1);
});

test('every method reaches a page', async (t) => {
  const site = await fakeSite(t, { pages: { '/m': ({ REQUEST }) => REQUEST.method } });
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    t.is(await (await site.ask('/m', { method })).text(), method);
  }
});

test('QUERY holds the query and the form, and the form wins', async (t) => {
  const site = await fakeSite(t, { pages: { '/q': ({ QUERY }) => JSON.stringify(QUERY) } });
  const response = await site.ask('/q?a=query&b=query&c[]=1', {
    method: 'POST',
    body: new URLSearchParams([
      ['a', 'form'],
      ['d[]', '1'],
      ['d[]', '2'],
    ]),
  });
  t.deepEqual(await response.json(), { a: 'form', b: 'query', 'c[]': ['1'], 'd[]': ['1', '2'] });
});

test('PARAMS, REQUEST and CONFIG describe the request and the site', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/products/42': {
        params: { id: '42' },
        render: ({ PARAMS, REQUEST, CONFIG }) =>
          JSON.stringify([
            PARAMS.id,
            REQUEST.path,
            REQUEST.url.href,
            REQUEST.ip,
            REQUEST.cookies.a,
            Reflect.get(Object(CONFIG), 'debug'),
          ]),
      },
    },
  });
  const response = await site.ask('/products/42?x=1', { headers: { cookie: 'a=b%20c' } });
  const expected = ['42', '/products/42', `${site.origin}/products/42?x=1`, '127.0.0.1', 'b c', false];
  t.deepEqual(await response.json(), expected);
});

test('a page sets status, headers and cookies, and its headers win over the defaults', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/r': ({ RESPONSE }) => {
        RESPONSE.status = 201;
        RESPONSE.headers.set('content-type', 'text/css');
        RESPONSE.headers.set('Referrer-Policy', 'no-referrer');
        RESPONSE.setCookie('seen', 'yes & no', { timeout: 60 });
        RESPONSE.deleteCookie('old');
        return 'a{}';
      },
    },
  });
  const response = await site.ask('/r');
  t.is(response.status, 201);
  t.is(response.headers.get('content-type'), 'text/css');
  t.is(response.headers.get('referrer-policy'), 'no-referrer');
  t.deepEqual(response.headers.getSetCookie(), [
    'seen=yes%20%26%20no; Max-Age=60; Path=/; HttpOnly; SameSite=Lax',
    'old=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax',
  ]);
});

test('send() replaces the printed output', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/text': ({ RESPONSE }) => {
        RESPONSE.send('plain <b>');
        return 'printed';
      },
      '/bytes': ({ RESPONSE }) => {
        RESPONSE.send(new Uint8Array([0, 255]));
        return 'printed';
      },
    },
  });
  const text = await site.ask('/text');
  t.is(text.headers.get('content-type'), 'text/plain; charset=utf-8');
  t.is(await text.text(), 'plain <b>');
  const bytes = await site.ask('/bytes');
  t.is(bytes.headers.get('content-type'), 'application/octet-stream');
  t.deepEqual(new Uint8Array(await bytes.arrayBuffer()), new Uint8Array([0, 255]));
});

test('204 and 304 have neither body nor length', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/none': ({ RESPONSE }) => {
        RESPONSE.status = 204;
        return 'never';
      },
    },
  });
  const response = await site.ask('/none');
  t.is(response.status, 204);
  t.is(response.headers.get('content-length'), null);
  t.is(await response.text(), '');
});

test('redirect() is the response, even if the page catches it or fails afterwards', async (t) => {
  const redirect = (scope: { redirected: unknown }) => {
    scope.redirected = redirectTo('/cart', {}, () => new URL('http://localhost/'));
    throw scope.redirected;
  };
  const site = await fakeSite(t, {
    pages: {
      '/thrown': (scope) => redirect(scope),
      '/caught': (scope) => {
        scope.RESPONSE.setCookie('a', 'b');
        try {
          redirect(scope);
        } catch {}
        return 'printed';
      },
      '/failed': (scope) => {
        try {
          redirect(scope);
        } catch {}
        throw new Error('later');
      },
    },
  });
  for (const path of ['/thrown', '/caught', '/failed']) {
    const response = await site.ask(path);
    t.is(response.status, 303);
    t.is(response.headers.get('location'), '/cart');
    t.is(await response.text(), '');
  }
  t.is((await site.ask('/caught')).headers.get('set-cookie'), 'a=b; Path=/; HttpOnly; SameSite=Lax');
  t.is(site.logged.length, 1);
});

test('a folder redirects to its slash with the query kept', async (t) => {
  const site = await fakeSite(t, { pages: { '/cart/': () => 'cart' } });
  const response = await site.ask('/cart?a=b&c=%20');
  t.is(response.status, 308);
  t.is(response.headers.get('location'), '/cart/?a=b&c=%20');
});

test('HttpError gives its status and message, and keeps the headers of the page', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/locked': ({ RESPONSE }) => {
        RESPONSE.headers.set('WWW-Authenticate', 'Basic');
        RESPONSE.headers.set('Content-Type', 'image/png');
        throw HttpError(401, 'Who <are> you?');
      },
    },
  });
  const response = await site.ask('/locked', { headers: { accept: 'text/html' } });
  t.is(response.status, 401);
  t.is(response.headers.get('www-authenticate'), 'Basic');
  t.is(response.headers.get('content-type'), 'text/html; charset=utf-8');
  t.true((await response.text()).includes('Who &lt;are&gt; you?'));
  t.deepEqual(site.logged, []);
});

test('an error without debug gives a plain page with the id that stands in the log, and nothing else', async (t) => {
  const error = new Error('secret detail');
  const site = await fakeSite(t, {
    pages: {
      '/broken': ({ RESPONSE }) => {
        RESPONSE.setCookie('half', 'done');
        throw error;
      },
    },
  });
  const response = await site.ask('/broken', { headers: { accept: 'text/html' } });
  t.is(response.status, 500);
  t.is(response.headers.get('set-cookie'), null);
  const text = await response.text();
  t.true(text.includes('id-1'));
  t.false(text.includes('secret'));
  t.false(text.includes('broken'));
  t.is(site.logged.length, 1);
  t.true(site.logged[0]?.message.includes('id-1'));
  t.is(site.logged[0]?.cause, error);
});

test('a URL that is not found is 404, and goes to next() where there is one', async (t) => {
  const site = await fakeSite(t, {
    pages: { '/hello': () => 'hello' },
    mounted: (handler, request, response) => {
      if (request.headers['x-mounted'] === undefined) handler.handle(request, response);
      else handler.handle(request, response, () => response.end('next'));
    },
  });
  const missing = await site.ask('/missing');
  t.is(missing.status, 404);
  t.false((await missing.text()).includes('missing'));
  t.is(await (await site.ask('/missing', { headers: { 'x-mounted': '1' } })).text(), 'next');
  t.is(site.lines.length, 1);
});

test('a 404 under debug lists the tried files and the nearest page', async (t) => {
  const site = await fakeSite(t, { pages: { '/hello': () => 'hello' }, config: { debug: true } });
  const text = await (await site.ask('/helo')).text();
  t.true(text.includes('tried /helo.pih'));
  t.true(text.includes('nearest page: /hello'));
});

test('mounted below a path the site sees its own paths, and redirects to the outer ones', async (t) => {
  const site = await fakeSite(t, {
    pages: { '/cart': ({ REQUEST }) => REQUEST.path, '/shop/': () => 'shop' },
    mounted: (handler, request, response) => {
      Object.assign(request, { originalUrl: request.url, url: request.url?.replace(/^\/app/, '') });
      handler.handle(request, response);
    },
  });
  t.is(await (await site.ask('/app/cart')).text(), '/app/cart');
  t.is((await site.ask('/app/shop?a=1')).headers.get('location'), '/app/shop/?a=1');
});

test('a changed configuration applies to the next request', async (t) => {
  const site = await fakeSite(t, { pages: { '/hello': () => 'hello' } });
  t.is((await site.ask('/hello')).headers.get('x-site'), null);
  site.config = { ...site.config, headers: { 'X-Site': 'one', 'referrer-policy': '' } };
  const response = await site.ask('/hello');
  t.is(response.headers.get('x-site'), 'one');
  t.is(response.headers.get('referrer-policy'), null);
});

test('a status that HTTP does not have, a header with a line break, a bad cookie and a body of no kind are errors of the page', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/status': ({ RESPONSE }) => {
        RESPONSE.status = 99;
        return '';
      },
      '/header': ({ RESPONSE }) => {
        RESPONSE.headers.set('X-A', 'a\r\nSet-Cookie: b=c');
        return '';
      },
      '/control': ({ RESPONSE }) => {
        RESPONSE.headers.set('X-A', 'a\x01b');
        return '';
      },
      '/cookie': ({ RESPONSE }) => {
        RESPONSE.setCookie('a;b', 'c');
        return '';
      },
      '/send': ({ RESPONSE }) => {
        Reflect.apply(RESPONSE.send, RESPONSE, [{}]);
        return '';
      },
    },
  });
  for (const path of ['/status', '/header', '/control', '/cookie', '/send']) {
    const response = await site.ask(path);
    t.is(response.status, 500, path);
    t.is(response.headers.get('set-cookie'), null);
  }
  const codes = site.logged.map(({ cause }) =>
    cause instanceof Error && 'code' in cause ? cause.code : undefined,
  );
  t.deepEqual(codes, ['response-status', undefined, 'response-header', 'response-cookie', 'response-body']);
});

test('a request for something that is no path is 400', async (t) => {
  const site = await fakeSite(t, { pages: {}, config: { debug: true } });
  const answer = await site.raw('GET * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  t.regex(answer, /^HTTP\/1\.1 400 /);
  t.true(answer.includes('not a path')); // path-malformed
});

test('an absolute request target is its path', async (t) => {
  const site = await fakeSite(t, { pages: { '/hello': ({ REQUEST }) => REQUEST.path } });
  const answer = await site.raw(
    'GET http://other.example/hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
  );
  t.true(answer.endsWith('\r\n\r\n/hello'));
});

test('a response that other code has begun is left alone and logged', async (t) => {
  const site = await fakeSite(t, {
    pages: { '/late': () => 'late' },
    mounted: (handler, request, response) => {
      response.writeHead(200);
      handler.handle(request, response);
    },
  });
  t.is(await (await site.ask('/late')).text(), '');
  const codes = site.logged.map(({ cause }) =>
    cause instanceof Error && 'code' in cause ? cause.code : undefined,
  );
  t.true(codes.includes('answered-already'));
});
