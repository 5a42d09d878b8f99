// Errors in settings: the key, the value, the expectation, the position.

import { join } from 'node:path';
import test from 'ava';
import { loadConfig } from '../../config/load-config.ts';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { folderWith } from '../folder.ts';

/** A file, the code of its error, its line and column, and the words of its text. */
type Case = readonly [settings: string, code: string, place: string, ...says: RegExp[]];

const CASES: readonly Case[] = [
  ['{\n  "prot": 1\n}', 'config-unknown-key', '2:3', /unknown key "prot", expected "port"/],
  [
    '{"session": {"timeot": 1}}',
    'config-unknown-key',
    '1:14',
    /"session\.timeot", expected "session\.timeout"/,
  ],
  ['{"lock_timeout": 1}', 'config-unknown-key', '1:2', /expected "session\.lock_timeout"/],
  ['{"zzzzzzzzzzzz": 1}', 'config-unknown-key', '1:2', /expected one of root_dir, host, port/],
  ['{"__proto__": {"port": 1}}', 'config-unknown-key', '1:2', /"__proto__"/],
  ['{"port": "80"}', 'config-wrong-value', '1:10', /port is "80", expected a whole number from 0 to 65535/],
  ['{"port": 65536}', 'config-wrong-value', '1:10', /port is 65536/],
  ['{"port": 1.5}', 'config-wrong-value', '1:10', /port is 1\.5/],
  ['{"session": 5}', 'config-wrong-value', '1:13', /session is 5, expected an object of settings/],
  ['[1]', 'config-wrong-value', '1:1', /the configuration is \[1\], expected an object/],
  [
    '{"log": "txt"}',
    'config-wrong-value',
    '1:9',
    /log is "txt", expected "text", "json", "combined" or false/,
  ],
  ['{"workers": 0}', 'config-wrong-value', '1:13', /workers is 0, expected .* or "auto"/],
  [
    '{"trust_proxy": ["10.0.0.1", 5]}',
    'config-wrong-value',
    '1:30',
    /trust_proxy\[1\] is 5, expected an IP address/,
  ],
  [
    '{"trust_proxy": ["::1", "10.0.0.0/99"]}',
    'config-wrong-value',
    '1:25',
    /trust_proxy\[1\] is "10\.0\.0\.0\/99"/,
  ],
  ['{"trust_proxy": ["999.1.1.1"]}', 'config-wrong-value', '1:18', /trust_proxy\[0\]/],
  [
    '{"allowed_hosts": ["shop.example:80"]}',
    'config-wrong-value',
    '1:20',
    /allowed_hosts\[0\] .* without port/,
  ],
  ['{"allowed_hosts": ["*.shop.example"]}', 'config-wrong-value', '1:20', /allowed_hosts\[0\]/],
  ['{"allowed_hosts": ["127.1"]}', 'config-wrong-value', '1:20', /allowed_hosts\[0\]/],
  ['{"cross_site": ["https://pay.example:x"]}', 'config-wrong-value', '1:17', /cross_site\[0\]/],
  ['{"cross_site": ["/paid?ok=1"]}', 'config-wrong-value', '1:17', /cross_site\[0\]/],
  ['{"limits": {"body": "99999999999999999gb"}}', 'config-wrong-value', '1:21', /limits\.body is/],
  [
    '{"headers": {"Content-Length": "5"}}',
    'config-computed-header',
    '1:32',
    /headers has an entry "Content-Length"/,
  ],
  ['{"headers": {"content-type": "text/html"}}', 'config-computed-header', '1:30', /"content-type"/],
  [
    '{"static": {"headers": [{"source": "*", "headers": [{"key": "Trailer", "value": "a"}]}]}}',
    'config-computed-header',
    '1:12',
    /static\.headers has an entry "Trailer"/,
  ],
  ['{"session": {"cookie": {"path": "/\u00e9"}}}', 'config-wrong-value', '1:33', /session\.cookie\.path/],
  ['{"session": {"cookie": {"domain": "a..b"}}}', 'config-wrong-value', '1:35', /session\.cookie\.domain/],
  [
    '{"limits": {"body": "1 parsec"}}',
    'config-wrong-value',
    '1:21',
    /limits\.body is "1 parsec", expected .*"1mb"/,
  ],
  [
    '{"cross_site": ["pay"]}',
    'config-wrong-value',
    '1:17',
    /cross_site\[0\] is "pay", expected a path that begins with "\/"/,
  ],
  [
    '{"headers": {"X-A": "a\\r\\nSet-Cookie: x=1"}}',
    'config-wrong-value',
    '1:21',
    /headers\.X-A is/,
    /without line breaks/,
  ],
  [
    '{"headers": {"X A": "a"}}',
    'config-wrong-name',
    '1:14',
    /headers has an entry "X A", expected .*header names/,
  ],
  ['{"error_pages": {"200": "ok.pih"}}', 'config-wrong-name', '1:18', /statuses from 400 to 599/],
  ['{"error_pages": {"600": "ok.pih"}}', 'config-wrong-name', '1:18', /"600"/],
  [
    '{"session": {"cookie": {"name": "a b"}}}',
    'config-wrong-value',
    '1:33',
    /session\.cookie\.name is "a b", expected a cookie name/,
  ],
  [
    '{"session": {"cookie": {"same_site": "Lax"}}}',
    'config-wrong-value',
    '1:38',
    /expected "strict", "lax" or "none"/,
  ],
  ['{"session": {"cookie": {"path": "shop"}}}', 'config-wrong-value', '1:33', /begins with "\/"/],
  ['{"session": {"cookie": {"when": "always"}}}', 'config-wrong-value', '1:33', /expected "call" or "write"/],
  [
    '{"session": {"timeout": -1}}',
    'config-wrong-value',
    '1:25',
    /session\.timeout is -1, expected a number of seconds, at least 0/,
  ],
  ['{"static": {"rewrites": []}}', 'config-unknown-key', '1:13', /static\.rewrites/],
  [
    '{"static": {"headers": [{"source": "*"}]}}',
    'config-missing-key',
    '1:25',
    /static\.headers\[0\] lacks "headers"/,
  ],
  ['{"persistent_session": "redis"}', 'config-wrong-value', '1:24', /persistent_session is "redis"/],
  ['{"persistent_session": {"dir": "x"}}', 'config-missing-key', '1:24', /persistent_session lacks "store"/],
  [
    '{"persistent_session": {"store": "json", "dri": "x"}}',
    'config-unknown-key',
    '1:42',
    /expected "persistent_session\.dir"/,
  ],
  [
    '{"persistent_session": {"store": "json", "fsync": "yes"}}',
    'config-wrong-value',
    '1:51',
    /persistent_session\.fsync is "yes", expected true or false/,
  ],
  [
    '{"workers": 2}',
    'config-workers-need-store',
    '1:13',
    /workers is 2 but persistent_session is false, expected a store/,
  ],
  ['{"workers": "auto"}', 'config-workers-need-store', '1:13', /workers is "auto"/],
  [
    '{"session": {"cookie": {"same_site": "none", "secure": false}}}',
    'config-cookie-not-secure',
    '1:38',
    /same_site is "none"/,
  ],
  [
    '{"session": {"cookie": {"name": "__Secure-s", "secure": false}}}',
    'config-cookie-not-secure',
    '1:33',
    /__Secure-s/,
  ],
  [
    '{"session": {"cookie": {"name": "__Host-s", "path": "/shop"}}}',
    'config-cookie-host-prefix',
    '1:33',
    /__Host-s/,
  ],
  [
    '{"persistent_session": {"store": "cookie"}}',
    'config-missing-key',
    '1:24',
    /persistent_session lacks "secrets"/,
  ],
  [
    '{"persistent_session": {"store": "cookie", "secrets": []}}',
    'config-wrong-value',
    '1:55',
    /expected a list of at least 1$/,
  ],
  [
    '{"persistent_session": {"store": "cookie", "secrets": ["0123456789abcdef0123456789abcdef", "hunter2"]}}',
    'config-wrong-value',
    '1:92',
    /secrets\[1\] is "\*\*\*", expected a text of at least 32 characters/,
  ],
  ['{"port": 1, "port": 2}', 'config-repeated-key', '1:13', /"port" stands here twice/],
  ['{"port": 1,}', 'config-not-json', '1:12', /this is not JSON: unexpected '}'/],
  ['{\n  "port": 1\n  "host": "a"\n}', 'config-not-json', '3:3', /unexpected text/],
  ['{"port"', 'config-not-json', '1:8', /it ends too early/],
  ['{"cross_site": [\n', 'config-not-json', '1:17', /it ends too early/],
  ['{"host": "a', 'config-not-json', '1:12', /it ends too early/],
  ['', 'config-not-json', '1:1', /it ends too early/],
  ['// a comment\n{}', 'config-not-json', '1:1', /unexpected character '\/'/],
];

for (const [settings, code, place, ...says] of CASES) {
  test(`${settings.replace(/\s+/g, ' ')} is ${code} at ${place}`, async (t) => {
    const folder = await folderWith(t, { 'karrigell.config.json': settings });
    const problem = t.throws(() => loadConfig({ cwd: folder, env: {} }), { instanceOf: Problem });
    t.is<string, string>(problem.code, code);
    t.is(`${problem.line}:${problem.column}`, place);
    t.is(problem.file, join(folder, 'karrigell.config.json'));
    for (const words of says) t.regex(problem.text, words);
    t.notRegex(problem.text + problem.remedy, /[{]\w+[}]/, 'no hole is left unfilled');
  });
}

test('of several errors the first in the file is named', async (t) => {
  const folder = await folderWith(t, { 'karrigell.config.json': '{\n"log": 1,\n"prot": 2,\n"port": "x"\n}' });
  t.throws(() => loadConfig({ cwd: folder, env: {} }), { message: /:2:8: log is 1/ });
});

test('the error for a refused option of serve-handler says what the option would do', async (t) => {
  const folder = await folderWith(t, { 'karrigell.config.json': { static: { symlinks: true } } });
  const problem = t.throws(() => loadConfig({ cwd: folder, env: {} }), { instanceOf: Problem });
  t.regex(problem.remedy, /would serve files outside the root/);
});

test('a byte order mark is no error', async (t) => {
  const folder = await folderWith(t, { 'karrigell.config.json': '\uFEFF{"port": 3000}' });
  t.is(loadConfig({ cwd: folder, env: {} }).config.port, 3000);
});

test('a wrong value that holds a password is shown without it', async (t) => {
  const settings = {
    persistent_session: [{ store: 'redis', url: 'redis://u:hunter2@db', password: 'hunter3' }],
  };
  const folder = await folderWith(t, { 'karrigell.config.json': settings });
  const problem = t.throws(() => loadConfig({ cwd: folder, env: {} }), { code: 'config-wrong-value' });
  t.notRegex(problem?.message ?? '', /hunter/);
});
