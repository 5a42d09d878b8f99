// The page /.karrigell/site of a running program: errors, saves and the configuration in it, and the requests that
// are answered with it.

import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { folderWith } from '../folder.ts';
import { program } from './program.ts';

const PAGE = '/.karrigell/site';

/** The headers of a browser in which the address was typed. */
const NAVIGATION = {
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Sec-Fetch-Dest': 'document',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Site': 'none',
  'Sec-Fetch-User': '?1',
  'User-Agent': 'Mozilla/5.0',
};

test('the site page has errors of requests and timers, saved pages, and the saved configuration', async (t) => {
  const cwd = await folderWith(t, {
    'karrigell.config.json': { max_sessions: 5 },
    'site/index.pih':
      '<% setTimeout(() => { throw new Error("of a timer"); }); throw new Error("of a page"); %>',
  });
  const { url, printed } = await program(t, cwd);
  await printed(/debug: on/);
  await fetch(url);
  await printed(/error: an error outside of any request/);
  const first = await shown(url);
  t.regex(first, /\d\d:\d\d:\d\d GET \/ \[500\] error \w+\n {4}\/index\.pih:1:\d+ Error: of a page/);
  t.regex(
    first,
    /\d\d:\d\d:\d\d an error outside of any request .*\n {4}\/index\.pih:1:\d+ Error: of a timer/,
  );
  t.regex(first, /Nothing was saved since the start/);
  t.notRegex(first, /configuration/);

  await writeFile(join(cwd, 'site/index.pih'), '<% let %>');
  t.regex(
    await shown(url, /Saved at/),
    /: \/index\.pih\. It has not taken effect, because of an error:\n\/index\.pih:1:\d/,
  );

  await writeFile(join(cwd, 'karrigell.config.json'), '{\n  "max_sessions": "many"\n}');
  t.regex(
    await shown(url, /configuration/),
    /read again at \d\d:\d\d:\d\d, has not taken effect, the old settings stay:\n\S*karrigell\.config\.json:2:19 /,
  );

  await writeFile(join(cwd, 'karrigell.config.json'), '{ "max_sessions": 6, "persistent_session": true }');
  t.regex(
    await shown(url, /configuration.*has taken effect/),
    /has taken effect\. It waits for the next start with: persistent_session\./,
  );
});

test('only allowed hosts and same-origin requests get it', async (t) => {
  const cwd = await folderWith(t, { 'site/index.pih': '<% throw new Error("of a page") %>' });
  const { url } = await program(t, cwd);
  await fetch(url);
  const refused: Record<string, Record<string, string>> = {
    'another host': { Host: 'evil.example' },
    'a frame of another site': { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Dest': 'iframe' },
    'a proxy': { 'X-Forwarded-For': '192.0.2.1' },
  };
  for (const [title, headers] of Object.entries(refused)) {
    const { status, body } = await asked(url + PAGE, headers);
    t.is(status, title === 'another host' ? 421 : 404, title);
    t.notRegex(body, /of a page|index\.pih/, title);
  }
  const { status, headers, body } = await asked(url + PAGE, {});
  t.is(status, 200);
  t.regex(body, /of a page/);
  t.regex(String(headers['content-security-policy']), /default-src 'none'/);
  t.is(headers['access-control-allow-origin'], undefined);
});

async function asked(
  url: string,
  more: Readonly<Record<string, string>>,
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }> {
  const [response]: IncomingMessage[] = await once(
    get(url, { headers: { ...NAVIGATION, ...more } }),
    'response',
  );
  if (response === undefined) throw new TypeError('a response is an argument of its event');
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** The page as a browser gets it, as soon as it matches: files are watched, and seen after a moment. */
async function shown(url: string, wanted = /./): Promise<string> {
  for (;;) {
    const { body } = await asked(url + PAGE, {});
    if (wanted.test(body)) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
