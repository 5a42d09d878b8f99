// FILES: small and big uploads, their names, and their removal.

import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { fakeSite } from './fake-site.ts';

const BIG = 'é'.repeat(400_000);

function form(entries: readonly (readonly [string, string | File])[]): RequestInit {
  const body = new FormData();
  for (const [name, value] of entries) body.append(name, value);
  return { method: 'POST', body };
}

test('a small and a big file read the same', async (t) => {
  for (const content of ['small é', BIG]) {
    const site = await fakeSite(t, {
      pages: {
        '/upload': async ({ FILES }) => {
          const { photo } = FILES;
          if (photo === undefined || Array.isArray(photo) || !('text' in photo)) return 'no file';
          const text = await photo.text();
          const buffer = new TextDecoder().decode(await photo.arrayBuffer());
          const stream = await new Response(photo.stream()).text();
          return JSON.stringify([photo.name, photo.type, photo.size, text === buffer, text === stream, text]);
        },
      },
    });
    const file = new File([content], 'é photo.txt', { type: 'text/plain' });
    const answer = JSON.parse(await (await site.ask('/upload', form([['photo', file]]))).text());
    t.deepEqual(answer, ['é photo.txt', 'text/plain', Buffer.byteLength(content), true, true, content]);
  }
});

test('FILES.x is the first file, FILES["x[]"] all of them, and fields stand beside', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/upload': ({ FILES, QUERY }) => {
        const { a } = FILES;
        const first = a !== undefined && 'name' in a ? a.name : undefined;
        return JSON.stringify([first, (FILES['b[]'] ?? []).map((file) => file.name), FILES['c[]'], QUERY]);
      },
    },
  });
  const init = form([
    ['a', new File(['1'], 'one')],
    ['a', new File(['2'], 'two')],
    ['b[]', new File(['3'], 'three')],
    ['b[]', new File(['4'], 'four')],
    ['text', 'é'],
  ]);
  t.deepEqual(JSON.parse(await (await site.ask('/upload', init)).text()), [
    'one',
    ['three', 'four'],
    [],
    { text: 'é' },
  ]);
});

test('an empty file input is no file', async (t) => {
  const site = await fakeSite(t, { pages: { '/upload': ({ FILES }) => String(FILES.a) } });
  t.is(await (await site.ask('/upload', form([['a', new File([], '')]]))).text(), 'undefined');
});

test('a file name has no path, no control characters and no bidirectional marks', async (t) => {
  const site = await fakeSite(t, {
    pages: { '/upload': ({ FILES }) => JSON.stringify((FILES['a[]'] ?? []).map((file) => file.name)) },
  });
  const names = [
    '../../etc/passwd',
    'C:\\Users\\me\\x.txt',
    '..',
    'a/b/',
    'nul\0l.txt',
    'photo\u202Egpj.exe',
    '\u2066a\u2069\u200F\u061Cb\u2028.txt',
    'line%0D%0Abreak.txt',
    '👨‍👩‍👧 é.txt',
  ];
  const parts = names.map(
    (name) => `--b\r\nContent-Disposition: form-data; name="a[]"; filename="${name}"\r\n\r\n1\r\n`,
  );
  const init = {
    method: 'POST',
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
    body: `${parts.join('')}--b--\r\n`,
  };
  t.deepEqual(JSON.parse(await (await site.ask('/upload', init)).text()), [
    'passwd',
    'x.txt',
    '',
    '',
    'null.txt',
    'photogpj.exe',
    'ab.txt',
    'linebreak.txt',
    '👨‍👩‍👧 é.txt',
  ]);
});

test('a field named __proto__ is a field', async (t) => {
  const site = await fakeSite(t, {
    pages: {
      '/upload': ({ FILES, QUERY }) =>
        JSON.stringify([Object.keys(FILES), Reflect.get(QUERY, '__proto__'), Object.keys(QUERY)]),
    },
  });
  const init = form([
    ['__proto__', 'text'],
    ['constructor', new File(['1'], 'one')],
  ]);
  t.deepEqual(JSON.parse(await (await site.ask('/upload', init)).text()), [
    ['constructor'],
    'text',
    ['__proto__'],
  ]);
});

test('save() replaces a file and leaves no part behind; the temporary file goes with the request', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'karrigell-test-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const target = join(folder, 'saved.txt');
  const site = await fakeSite(t, {
    pages: {
      '/upload': async ({ FILES }) => {
        for (const file of FILES['a[]'] ?? []) await file.save(target);
        return 'saved';
      },
      '/nowhere': async ({ FILES }) => {
        for (const file of FILES['a[]'] ?? []) await file.save(join(folder, 'missing', 'x'));
        return 'saved';
      },
    },
  });
  for (const content of ['small', BIG]) {
    await site.ask('/upload', form([['a[]', new File([content], 'x')]]));
    t.is(await readFile(target, 'utf8'), content);
    t.is((await site.ask('/nowhere', form([['a[]', new File([content], 'x')]]))).status, 500);
  }
  t.deepEqual(readdirSync(folder), ['saved.txt']);
  t.false(existsSync(join(folder, 'missing')));
});
