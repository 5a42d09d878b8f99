// Multipart bodies that browsers write are read unchanged. Any other body is answered with 400, and no part is skipped.

import test from 'ava';
import fc from 'fast-check';
import { MultipartParser } from '../../engine/http/multipart/multipart-parser.ts';
import { MalformedForm } from '../../engine/http/multipart/part-head.ts';
import { browserTest, visit } from '../browser.ts';
import { type FakeSite, fakeSite } from './fake-site.ts';

/** A part that the parser has reported. */
interface Told {
  readonly name: string;
  readonly filename?: string | undefined;
  readonly content: string;
}

const BOUNDARY = 'boundary-7MA4YWxk';

/** The parts of a body that arrives in pieces of these lengths; undefined if it is malformed. */
function parsed(body: Buffer, lengths: readonly number[] = [body.length]): Told[] | undefined {
  const parts: Told[] = [];
  let chunks: Buffer[] = [];
  let head: { name: string; filename: string | undefined } | undefined;
  const parser = new MultipartParser(BOUNDARY, {
    begin(begun) {
      head = begun;
      chunks = [];
    },
    data: (bytes) => void chunks.push(bytes),
    end() {
      const { name = '', filename } = head ?? {};
      parts.push({ name, filename, content: Buffer.concat(chunks).toString('latin1') });
    },
  });
  try {
    let at = 0;
    for (let index = 0; at < body.length; index++) {
      const length = Math.max(1, lengths[index % lengths.length] ?? 1);
      parser.write(body.subarray(at, at + length));
      at += length;
    }
    parser.finish();
    return parts;
  } catch (error) {
    if (error instanceof MalformedForm) return undefined;
    throw error;
  }
}

/** The HTML standard's encoding: line breaks of names become CR LF, then `"`, CR and LF are percent-encoded. */
function encodedName(name: string): string {
  return name
    .replace(/\r\n|\r|\n/g, '\r\n')
    .replace(/["\r\n]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

function encodedBody(parts: readonly Told[]): Buffer {
  const pieces = parts.map(({ name, filename, content }) =>
    Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${encodedName(name)}"`),
      Buffer.from(
        filename === undefined ? '' : `; filename="${encodedName(filename)}"\r\nContent-Type: text/plain`,
      ),
      Buffer.from('\r\n\r\n'),
      Buffer.from(content, 'latin1'),
      Buffer.from('\r\n'),
    ]),
  );
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

/** A name with the text `%22` is written like a name with a quotation mark, because browsers do not encode `%`. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 3 }),
      fc.constantFrom(
        '"',
        '\\',
        '\r\n',
        '%',
        "'",
        ';',
        '; filename="x"',
        '--',
        '\t',
        'é',
        '漢',
        '😀',
        '\0',
        ' ',
      ),
    ),
    { maxLength: 4 },
  )
  .map((pieces) => pieces.join('').replace(/\r\n|\r|\n/g, '\r\n'))
  .filter((name) => !/%(?:22|0D|0A)/i.test(name));

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array).toString('latin1')),
  fc
    .array(
      fc.constantFrom('\r\n', '--', '\r', '\n', `--${BOUNDARY}`, `\r\n--${BOUNDARY.slice(0, -1)}`, 'x', ''),
      {
        maxLength: 4,
      },
    )
    .map((pieces) => pieces.join(''))
    .filter((content) => !`\r\n${content}\r\n`.includes(`\r\n--${BOUNDARY}`)),
);

const form = fc.array(
  fc.record({ name: text, filename: fc.option(text, { nil: undefined }), content: bytes }),
  {
    maxLength: 5,
  },
);
const lengths = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 5 });

test('any form that a browser can encode is read unchanged, in whatever pieces it arrives', (t) => {
  fc.assert(
    fc.property(form, lengths, (parts, pieces) => {
      t.deepEqual(parsed(encodedBody(parts), pieces), parts);
    }),
    { numRuns: 1000 },
  );
});

test('a body that is cut anywhere before its closing boundary is malformed', (t) => {
  fc.assert(
    fc.property(form, fc.nat(), lengths, (parts, at, pieces) => {
      const body = encodedBody(parts);
      const cut = body.subarray(0, at % (body.length - 2));
      t.is(parsed(cut, pieces), undefined);
    }),
    { numRuns: 1000 },
  );
});

/** A second parser, which reads the whole body at once: the expected result for a changed body. */
function strictReading(body: string): Told[] | undefined {
  const trimmed = body.replace(/^[\r\n]*\r\n(?=--)/, '').replace(/[\r\n]+$/, '');
  const lines = `\r\n${trimmed}`.split(`\r\n--${BOUNDARY}`);
  if (lines.shift() !== '' || lines.pop() !== '--') return undefined;
  const parts: Told[] = [];
  for (const part of lines) {
    if (!part.startsWith('\r\n')) return undefined;
    const end = part.indexOf('\r\n\r\n', 2);
    // A part without content may share its empty line with the next boundary.
    const [head, content] =
      end === -1 ? [part.slice(2).replace(/\r\n$/, ''), ''] : [part.slice(2, end), part.slice(end + 4)];
    if (end === -1 && !part.endsWith('\r\n')) return undefined;
    const headers = Buffer.from(head, 'latin1').toString('utf8').split('\r\n');
    if (headers.some((header) => !/^[\w!#$%&'*+.^`|~-]+:[^\r\n]*$/.test(header))) return undefined;
    const names = headers.map((header) => header.slice(0, header.indexOf(':')).toLowerCase());
    if (new Set(names).size < names.length) return undefined;
    const disposition = headers[names.indexOf('content-disposition')];
    const match = /^[^:]*:\s*form-data((?:[ \t]*;[ \t]*[\w!#$&^`|~.+-]+\*?=(?:"[^"]*"|[^\s";]*))*)\s*$/i.exec(
      disposition ?? '',
    );
    if (match === null) return undefined;
    const given = [...(match[1] ?? '').matchAll(/;[ \t]*([^=;]+)=(?:"([^"]*)"|([^\s";]*))/g)].map(
      ([, name = '', quoted, token = '']) => [name.toLowerCase(), decodedName(quoted ?? token)] as const,
    );
    const values = new Map(given);
    const name = values.get('name');
    if (name === undefined || values.size < given.length || values.has('filename*')) return undefined;
    parts.push({ name, filename: values.get('filename'), content });
  }
  return parts;
}

function decodedName(name: string): string {
  return name.replace(/%22/g, '"').replace(/%0D/gi, '\r').replace(/%0A/gi, '\n');
}

test('a body that was changed is malformed, or read as a strict reader reads it', (t) => {
  let [refused, read] = [0, 0];
  const change = fc.record({
    at: fc.nat(),
    length: fc.nat({ max: 3 }),
    put: fc.constantFrom('', ' ', '\r', '\n', '\r\n', '-', '--', '"', ';', ':', 'x', '\r\n\r\n'),
  });
  fc.assert(
    fc.property(form, fc.array(change, { minLength: 1, maxLength: 2 }), lengths, (parts, changes, pieces) => {
      let body = encodedBody(parts).toString('latin1');
      for (const { at, length, put } of changes) {
        const from = at % body.length;
        body = body.slice(0, from) + put + body.slice(from + length);
      }
      const found = parsed(Buffer.from(body, 'latin1'), pieces);
      if (found === undefined) refused++;
      else read++;
      t.deepEqual(found, strictReading(body), JSON.stringify(body));
    }),
    { numRuns: 3000 },
  );
  t.true(refused > 100 && read > 100);
});

function post(body: string, type = `multipart/form-data; boundary=${BOUNDARY}`): RequestInit {
  return { method: 'POST', body, headers: { 'content-type': type } };
}

function formSite(t: Parameters<typeof fakeSite>[0]): Promise<FakeSite> {
  const page = ({ QUERY, FILES }: { QUERY: object; FILES: object }) =>
    JSON.stringify([QUERY, Object.entries(FILES).map(([name, file]) => [name, file.name])]);
  return fakeSite(t, { pages: { '/form': page } });
}

const HEAD = 'Content-Disposition: form-data; name="a"';

const MALFORMED: Readonly<Record<string, string>> = {
  'headers that are too long': `--B\r\n${HEAD}\r\nX-Pad: ${'x'.repeat(20_000)}\r\n\r\n1\r\n--B--`,
  'headers without an end': `--B\r\n${HEAD}\r\nX-Pad: ${'x'.repeat(200_000)}`,
  'a header without a colon': `--B\r\n${HEAD}\r\nnonsense\r\n\r\n1\r\n--B--`,
  'a folded header': `--B\r\nContent-Disposition: form-data;\r\n name="a"\r\n\r\n1\r\n--B--`,
  'a bare line feed in a header': `--B\r\n${HEAD}\nX: y\r\n\r\n1\r\n--B--`,
  'blanks behind a boundary': `--B \r\n${HEAD}\r\n\r\n1\r\n--B--`,
  'text behind a boundary': `--Bx\r\n${HEAD}\r\n\r\n1\r\n--B--`,
  'text before the first boundary': `x\r\n--B\r\n${HEAD}\r\n\r\n1\r\n--B--`,
  'text behind the last boundary': `--B\r\n${HEAD}\r\n\r\n1\r\n--B--\r\nx`,
  'a part without a name': '--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--',
  'a part without a disposition': '--B\r\nContent-Type: text/plain\r\n\r\n1\r\n--B--',
  'a part of another disposition': '--B\r\nContent-Disposition: attachment; name="a"\r\n\r\n1\r\n--B--',
  'two dispositions': `--B\r\n${HEAD}\r\n${HEAD}\r\n\r\n1\r\n--B--`,
  'two names': `--B\r\n${HEAD}; name="b"\r\n\r\n1\r\n--B--`,
  'text behind a quoted name': `--B\r\n${HEAD}b"\r\n\r\n1\r\n--B--`,
  'a file name in another encoding': `--B\r\n${HEAD}; filename*=utf-16''x\r\n\r\n1\r\n--B--`,
  'no closing boundary': `--B\r\n${HEAD}\r\n\r\n1\r\n`,
  'no part at all': '',
};

for (const [what, body] of Object.entries(MALFORMED)) {
  test(`a form with ${what} is 400 (multipart-malformed)`, async (t) => {
    const site = await formSite(t);
    const response = await site.ask('/form', post(body.replaceAll('--B', `--${BOUNDARY}`)));
    t.is(response.status, body === '' ? 200 : 400, await response.text());
  });
}

test('a boundary that is missing, empty or too long is 400', async (t) => {
  const site = await formSite(t);
  const body = `--\r\n${HEAD}\r\n\r\n1\r\n----`;
  for (const parameter of [
    '',
    '; boundary=',
    '; boundary=""',
    '; boundary=;',
    `; boundary=${'x'.repeat(71)}`,
  ])
    t.is((await site.ask('/form', post(body, `multipart/form-data${parameter}`))).status, 400, parameter);
  for (const type of [
    'multipart/form-data; boundary="b c"',
    'Multipart/Form-Data;charset=utf-8;BOUNDARY="b c"; x=y',
  ]) {
    const answer = await site.ask('/form', post(`--b c\r\n${HEAD}\r\n\r\n1\r\n--b c--`, type));
    t.deepEqual(await answer.json(), [{ a: '1' }, []], type);
  }
});

test('forms of programs that are no browsers are read: tokens, filename*, an encoding, line breaks around', async (t) => {
  const site = await formSite(t);
  const parts = [
    'Content-Disposition: form-data; name=a\r\n\r\n1',
    `content-disposition:form-data;name="f";filename="x";filename*=UTF-8''%c3%a9.txt\r\n\r\n1`,
    'Content-Disposition: form-data; name="l"\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n\xe9',
    'Content-Disposition: form-data; name="w"\r\nContent-Type: text/plain; charset=windows-1252\r\n\r\n\x80',
    'Content-Disposition: form-data; name="empty"\r\n',
  ];
  const body = `\r\n${parts.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join('')}--${BOUNDARY}--\r\n\r\n`;
  const init = { ...post(''), body: Buffer.from(body, 'latin1') };
  t.deepEqual(await (await site.ask('/form', init)).json(), [
    { a: '1', l: 'é', w: '€', empty: '' },
    [['f', 'é.txt']],
  ]);
});

browserTest('names and file names of a real browser arrive as they are written in the page', async (t) => {
  const names = ['plain', 'a"b', 'a%b', 'Größe', '😀', 'a\\', "it's; x", 'a\nb', 'two words'];
  const site = await fakeSite(t, {
    pages: {
      '/': () => '<form method="post" enctype="multipart/form-data" action="/form"></form>',
      '/form': ({ QUERY, FILES }) => JSON.stringify([QUERY, (FILES['f[]'] ?? []).map((file) => file.name)]),
    },
  });
  await visit({}, async (page) => {
    await page.goto(`${site.origin}/`);
    const told = await page.evaluate(
      `(async (names) => {
        const form = document.forms[0];
        for (const name of names) {
          const input = document.createElement('input');
          Object.assign(input, { name, value: 'value of ' + name });
          form.append(input);
        }
        const files = document.createElement('input');
        Object.assign(files, { type: 'file', name: 'f[]', multiple: true });
        const chosen = new DataTransfer();
        for (const name of names) chosen.items.add(new File(['x'], name));
        files.files = chosen.files;
        form.append(files);
        const answer = await fetch('/form', { method: 'POST', body: new FormData(form) });
        return answer.json();
      })(${JSON.stringify(names)})`,
    );
    const shown = (name: string) => name.replace('\n', '\r\n');
    t.deepEqual(told, [
      Object.fromEntries(names.map((name) => [shown(name), `value of ${name.replace('\n', '')}`])),
      names.map((name) => name.replace('\n', '').replace('a\\', '')),
    ]);
  });
});
