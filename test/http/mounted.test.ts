// A mounted handler: bodies that other middleware has read before.

import type { IncomingMessage } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import { type FakeSite, fakeSite } from './fake-site.ts';

/** A site after a parser that reads the body to its end and sets `body` of the request. */
function behindParser(t: ExecutionContext, parse: (text: string) => unknown): Promise<FakeSite> {
  return fakeSite(t, {
    pages: {
      '/form': ({ QUERY, REQUEST }) => JSON.stringify([QUERY, Buffer.from(REQUEST.body).toString()]),
    },
    mounted: async (handler, request, response) => {
      Object.assign(request, { body: parse(await textOf(request)) });
      handler.handle(request, response);
    },
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const post = (body: string, type: string) => ({ method: 'POST', body, headers: { 'content-type': type } });

test('a form that a parser has read gives its fields', async (t) => {
  const site = await behindParser(t, () => ({ a: '1', color: ['red', 'blue'], nested: { b: '2' } }));
  const response = await site.ask(
    '/form?a=0&q=1',
    post('a=1&color[]=red', 'application/x-www-form-urlencoded'),
  );
  t.deepEqual(JSON.parse(await response.text()), [
    { a: '1', q: '1', color: 'red', 'color[]': ['red', 'blue'], 'nested[b]': '2' },
    '',
  ]);
});

test('JSON, text and bytes that a parser has read are the body', async (t) => {
  for (const [parse, expected] of [
    [(text: string) => JSON.parse(text), '{"a":1}'],
    [(text: string) => text, '{"a": 1}'],
    [(text: string) => Buffer.from(text), '{"a": 1}'],
    [() => undefined, ''],
  ] as const) {
    const site = await behindParser(t, parse);
    const response = await site.ask('/form', post('{"a": 1}', 'application/json'));
    t.deepEqual(JSON.parse(await response.text()), [{}, expected]);
  }
});

test('a form that was read as bytes or text gives its fields, too', async (t) => {
  for (const parse of [
    (text: string) => text,
    (text: string) => Buffer.from(text),
    (text: string) => new TextEncoder().encode(text),
  ]) {
    const site = await behindParser(t, parse);
    const form = await site.ask('/form', post('a=1&b%5B%5D=2&a=3', 'application/x-www-form-urlencoded'));
    t.deepEqual(JSON.parse(await form.text()), [{ a: '1', 'b[]': ['2'] }, 'a=1&b%5B%5D=2&a=3']);
    const parts = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n';
    const upload = await site.ask('/form', post(parts, 'multipart/form-data; boundary=b'));
    t.deepEqual(JSON.parse(await upload.text()), [{ a: '1' }, '']);
    t.is((await site.ask('/form', post(parts.slice(0, 20), 'multipart/form-data; boundary=b'))).status, 400);
    t.is((await site.ask('/form', post('&'.repeat(2000), 'application/x-www-form-urlencoded'))).status, 413);
  }
});

test('headers that other middleware has set stay, unless the site sets the same', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/page': ({ RESPONSE }) => {
        RESPONSE.setCookie('a', '1');
        RESPONSE.setCookie('b', '2');
        return 'page';
      },
    },
    mounted: (handler, request, response) => {
      response.setHeader('X-Powered-By', 'other');
      response.setHeader('Referrer-Policy', 'unsafe-url');
      handler.handle(request, response);
    },
  });
  const { headers } = await site.ask('/page');
  t.is(headers.get('x-powered-by'), 'other');
  t.is(headers.get('referrer-policy'), 'strict-origin-when-cross-origin');
  t.is(headers.getSetCookie().length, 2);
});
