// Limits of fields and uploads as messages beside them, on pages with Form (docs/forms.md); elsewhere 413.

import test, { type ExecutionContext } from 'ava';
import { serveSite, type TestSite } from '../site-fixture.ts';

const LIMITS = { body: 20_000, upload: 8_000, field_size: 1_000, files: 2, fields: 20 };

/** A schema that takes anything, so that the pages need no package. */
const SCHEMA = `<% const schema = { '~standard': { version: 1 as const, vendor: 'own',
  jsonSchema: { input: () => ({ type: 'object', properties: { note: { type: 'string' }, photo: {}, 'list': { type: 'array', items: { type: 'string' } } } }) },
  validate: (value: unknown) => ({ value }) } };
const form = await Form(schema as any); -%>`;

const SITE = {
  'form.pih': `${SCHEMA}<%- JSON.stringify({ ok: form.ok, errors: form.errors,
    lengths: Object.entries(form.values).map(([name, value]) => [name, Array.isArray(value) ? value.map((v) => v.length) : String(value).length]),
    files: Object.keys(FILES), query: Object.keys(QUERY) }) %>`,
  'other.pih': '<% print(Object.keys(QUERY).length) %>',
  'part.pih': `<% await Include('form.pih') %>`,
};

type Part = readonly [name: string, value: string | Blob];

function multipart(parts: readonly Part[]): RequestInit {
  const body = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') body.append(name, value);
    else body.append(name, value, 'photo.png');
  }
  return { method: 'POST', body };
}

function urlencoded(parts: readonly (readonly [string, string])[]): RequestInit {
  return {
    method: 'POST',
    body: new URLSearchParams(parts.map(([name, value]): [string, string] => [name, value])),
  };
}

const site = (t: ExecutionContext): Promise<TestSite> => serveSite(t, SITE, { limits: LIMITS, debug: false });

const file = (size: number) => new Blob(['x'.repeat(size)]);

const LONG = 'x'.repeat(1_001);

for (const [kind, send] of [
  ['urlencoded', urlencoded],
  ['multipart', multipart],
] as const) {
  test(`${kind}: a text that is too long has a message, and is shown again with all else`, async (t) => {
    const { text, get } = await site(t);
    const sent = send([
      ['note', LONG],
      ['name', 'Jean'],
      ['list[]', 'a'],
      ['list[]', LONG],
    ]);
    for (const page of ['/form', '/part']) {
      t.deepEqual(JSON.parse(await text(page, sent)), {
        ok: false,
        errors: {
          note: 'This text is too long: at most 1000 bytes',
          list: 'This text is too long: at most 1000 bytes',
        },
        lengths: [
          ['name', 4],
          ['list[]', [1, 1001]],
          ['note', 1001],
        ],
        files: [],
        query: ['name', 'list[]'],
      });
    }
    t.is((await get('/other', sent)).status, 413);
  });

  test(`${kind}: a field that the form does not have is a message of the whole form`, async (t) => {
    const { text } = await site(t);
    const { ok, errors } = JSON.parse(await text('/form', send([['else', LONG]])));
    t.deepEqual([ok, errors], [false, { '': 'This text is too long: at most 1000 bytes' }]);
  });

  test(`${kind}: a field within the limits has no message`, async (t) => {
    const { text } = await site(t);
    const { ok, errors } = JSON.parse(await text('/form', send([['note', 'x'.repeat(1000)]])));
    t.deepEqual([ok, errors], [true, {}]);
  });

  test(`${kind}: past the limit of the body it is 413, and the process goes on`, async (t) => {
    const { get, text } = await site(t);
    t.is((await get('/form', send([['note', 'x'.repeat(20_001)]]))).status, 413);
    t.is((await get('/form', send([['n'.repeat(201), 'x']]))).status, 413);
    t.is(JSON.parse(await text('/form', send([['note', 'short']]))).ok, true);
  });
}

test('uploads that are too large together: the file that goes over the limit has the message, and the fields are there', async (t) => {
  const { text, get } = await site(t);
  const sent = multipart([
    ['first', file(3_000)],
    ['note', 'before'],
    ['photo', file(9_000)],
    ['name', 'behind'],
  ]);
  t.deepEqual(JSON.parse(await text('/form', sent)), {
    ok: false,
    errors: { photo: 'This upload is too large: at most 7.8 kB in one form' },
    lengths: [
      ['note', 6],
      ['name', 6],
    ],
    files: ['first'],
    query: ['note', 'name'],
  });
  t.is((await get('/other', sent)).status, 413);
  t.is((await get('/form', multipart([['photo', file(20_001)]]))).status, 413);
});

test('too many files are a message of the field of the first that is too much', async (t) => {
  const { text, get } = await site(t);
  const sent = multipart(['a', 'b', 'photo', 'd'].map((name) => [name, file(10)] as const));
  const { ok, errors, files } = JSON.parse(await text('/form', sent));
  t.deepEqual([ok, files], [false, ['a', 'b']]);
  t.deepEqual(errors, {
    photo: 'Too many files: at most 2 in one form',
    '': 'Too many files: at most 2 in one form',
  });
  t.is((await get('/other', sent)).status, 413);
});

test('a large file that goes over the limit on its way to the disk is refused', async (t) => {
  const { text, get } = await serveSite(t, SITE, {
    limits: { ...LIMITS, upload: 600_000, body: 2_000_000 },
    debug: false,
  });
  const sent = multipart([
    ['photo', file(700_000)],
    ['second', file(300_000)],
    ['note', 'kept'],
  ]);
  const { ok, errors, lengths } = JSON.parse(await text('/form', sent));
  t.is(ok, false);
  t.is(errors.photo, 'This upload is too large: at most 585.9 kB in one form');
  t.deepEqual(lengths, [['note', 4]]);
  t.is((await get('/form')).status, 200);
});
