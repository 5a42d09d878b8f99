// Cookies of a page: the options of RESPONSE.setCookie, and REQUEST.cookies for the headers of browsers.

import test from 'ava';
import { serveSite } from '../site-fixture.ts';
import { fakeSite } from './fake-site.ts';

const SENT: readonly (readonly [call: string, cookie: string])[] = [
  ['setCookie("a", "b")', 'a=b; Path=/; HttpOnly; SameSite=Lax'],
  [
    'setCookie("a", "b", { path: undefined, timeout: 1.2 })',
    'a=b; Max-Age=2; Path=/; HttpOnly; SameSite=Lax',
  ],
  ['setCookie("a", "b", { same_site: "none" })', 'a=b; Path=/; HttpOnly; Secure; SameSite=None'],
  ['setCookie("__Host-a", "b")', '__Host-a=b; Path=/; HttpOnly; Secure; SameSite=Lax'],
  ['setCookie("__secure-a", "b", { path: "/x" })', '__secure-a=b; Path=/x; HttpOnly; Secure; SameSite=Lax'],
  [
    'setCookie("a", "Jürgen", { domain: "a.example", http_only: false, same_site: "strict", secure: false })',
    'a=J%C3%BCrgen; Domain=a.example; Path=/; SameSite=Strict',
  ],
  [
    'deleteCookie("__Host-a")',
    '__Host-a=; Max-Age=0; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax',
  ],
];

for (const [call, cookie] of SENT) {
  test(`RESPONSE.${call} sends ${cookie}`, async (t) => {
    const site = await serveSite(t, { 'index.pih': `<% RESPONSE.${call} %>` });
    t.deepEqual((await site.get('/')).headers.getSetCookie(), [cookie]);
  });
}

const REFUSED: readonly (readonly [call: string, code: string, says: RegExp])[] = [
  ['setCookie("a", "b", { maxAge: 5 } as any)', 'unknown-option', /no option 'maxAge', expected 'timeout'/],
  ['setCookie("a", "b", { httpOnly: true } as any)', 'unknown-option', /'httpOnly', expected 'http_only'/],
  ['setCookie("a", "b", { sameSite: "lax" } as any)', 'unknown-option', /expected 'same_site'/],
  ['setCookie("a", "b", { value: 1 } as any)', 'unknown-option', /expected one of path, domain, .*, timeout/],
  [
    'deleteCookie("a", { expires: 0 } as any)',
    'unknown-option',
    /RESPONSE\.deleteCookie.*expected 'timeout'/,
  ],
  ['setCookie("a", "b", 60 as any)', 'options-type', /not number/],
  [
    'setCookie("a", "b", { same_site: "none", secure: false })',
    'response-cookie',
    /same_site must be secure/,
  ],
  ['setCookie("__Secure-a", "b", { secure: false })', 'response-cookie', /name must be secure/],
  ['setCookie("__Host-a", "b", { path: "/x" })', 'response-cookie', /path "\/" and no domain/],
  ['setCookie("__Host-a", "b", { domain: "a.example" })', 'response-cookie', /path "\/" and no domain/],
  ['setCookie("a", "b", { same_site: "Lax" as any })', 'response-cookie', /same_site must be 'strict'/],
  ['setCookie("a", "b", { secure: 1 as any })', 'response-cookie', /secure must be true/],
  ['setCookie("a", "b", { path: "x" })', 'response-cookie', /path must be/],
  ['setCookie("a", "b", { path: "/a;b" })', 'response-cookie', /path must be/],
  ['setCookie("a", "b", { domain: "a b" })', 'response-cookie', /domain must be/],
  ['setCookie("a", "b", { timeout: NaN })', 'response-cookie', /timeout must be/],
  ['setCookie("a", "b", { timeout: "60" as any })', 'response-cookie', /timeout must be/],
  ['setCookie("a;b", "c")', 'response-cookie', /name/],
  ['setCookie("a", "\\ud800")', 'response-cookie', /cannot be sent/],
];

for (const [call, code, says] of REFUSED) {
  test(`RESPONSE.${call} is ${code}`, async (t) => {
    const site = await serveSite(t, { 'index.pih': `<% RESPONSE.${call} %>` });
    const response = await site.get('/');
    t.is(response.status, 500);
    t.deepEqual(response.headers.getSetCookie(), []);
    t.like(site.logged[0]?.cause, { code });
    t.regex(Object(site.logged[0]?.cause).text, says);
  });
}

test('cookies are read as UTF-8, and as Latin-1 where they are none', async (t) => {
  const site = await fakeSite(t, { pages: { '/c': ({ REQUEST }) => JSON.stringify(REQUEST.cookies) } });
  const cookies = async (header: Buffer) => {
    const head = Buffer.from('GET /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: ');
    const answer = await site.raw(Buffer.concat([head, header, Buffer.from('\r\n\r\n')]));
    return JSON.parse(Buffer.from(answer.split('\r\n\r\n')[1] ?? '', 'latin1').toString());
  };
  t.deepEqual(await cookies(Buffer.from('n=Jürgen; ключ=значение; e=%C3%BC; d=%C3%83%C2%BC')), {
    n: 'Jürgen',
    ключ: 'значение',
    e: 'ü',
    d: 'Ã¼',
  });
  const mixed = Buffer.concat([Buffer.from('n=Jürgen; l='), Buffer.from('Jürgen', 'latin1')]);
  t.deepEqual(await cookies(mixed), { n: 'Jürgen', l: 'Jürgen' });
});
