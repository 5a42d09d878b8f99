// Fields of a form come back as they were sent, urlencoded and as multipart; any other bytes are answered, and never by a
// 5xx.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ask, openSite, requestOf } from '../raw-http.ts';
import { target } from '../target.ts';

type Field = readonly [name: string, value: string];
type Input =
  | { readonly urlencoded: readonly Field[] }
  | { readonly multipart: readonly Field[] }
  | { readonly body: string; readonly type: string };

const BOUNDARY = '----b';
const URLENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'a',
    'a"b',
    'é',
    '%22',
    '+',
    '&',
    '=',
    'x[',
    'a.b',
    '--',
    'a;b',
    '\\',
  ),
);
const names = texts.filter((name) => name !== '' && !name.endsWith('[]') && !name.startsWith('_charset'));
const fieldsNamed = (name: fc.Arbitrary<string>): fc.Arbitrary<Field[]> =>
  fc.uniqueArray(fc.tuple(name, texts), { maxLength: 5, selector: ([own]) => own });
/** Browsers write `"` as `%22` and leave `%22` as it is, so a server cannot tell one from the other. */
const namesOfParts = names.filter((name) => !/%(?:22|0d|0a)/i.test(name));

const pieces = fc.constantFrom(
  ...[
    `--${BOUNDARY}`,
    `--${BOUNDARY}--`,
    '\r\n',
    '\n',
    '\r\n\r\n',
    'Content-Disposition: form-data; name="a"',
    '; name=',
    '"',
  ],
  ...[
    '; filename="f"',
    "; filename*=UTF-8''%e9",
    'Content-Type: text/plain',
    'Content-Transfer-Encoding: base64',
    ':',
    ' ',
  ],
  ...[
    'a=1',
    '&',
    '=',
    '%',
    '%zz',
    '+',
    'a[]',
    '[',
    ']',
    '__proto__',
    '\0',
    '\xff',
    '-',
    '--',
    'x'.repeat(300),
    ';',
  ],
);
const types = fc.constantFrom(
  ...[
    URLENCODED,
    MULTIPART,
    `${URLENCODED}; charset=x`,
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/mixed',
  ],
  ...[
    'application/json',
    'text/plain',
    `MULTIPART/FORM-DATA; Boundary="${BOUNDARY}"`,
    'multipart/form-data; boundary="',
    '',
  ],
);

const PAGE = '<%- JSON.stringify(Object.keys(QUERY).map((name) => [name, QUERY[name]])) %>';

export const formsTarget = target<Input>({
  name: 'forms',
  inputs: fc.oneof(
    fc.record({ urlencoded: fieldsNamed(names) }),
    fc.record({ multipart: fieldsNamed(namesOfParts) }),
    fc.record({ body: fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')), type: types }),
  ),
  isInput: (input): input is Input => typeof input === 'object' && input !== null,
  open: async () => {
    const site = await openSite({ 'index.pih': PAGE });
    const post = (type: string, body: string) =>
      ask(site.url, requestOf('POST', '/', [`Content-Type: ${type}`], body));
    const holds = async (input: Input): Promise<void> => {
      if ('body' in input) {
        const { status } = await post(input.type, input.body);
        assert.ok(status >= 200 && status < 500, `status ${status}`);
        return;
      }
      const sent = 'urlencoded' in input ? input.urlencoded : input.multipart;
      const { status, body } =
        'urlencoded' in input
          ? await post(
              URLENCODED,
              new URLSearchParams(sent.map(([name, value]): [string, string] => [name, value])).toString(),
            )
          : await post(MULTIPART, multipart(sent));
      assert.deepEqual([status, sorted(JSON.parse(body))], [200, sorted(sent)]);
    };
    return { holds, close: site.close };
  },
});

/** As browsers write it (HTML, "Constructing the entry list"): line ends become CR LF, in names CR, LF and quotes are escaped. */
function multipart(sent: readonly Field[]): string {
  const parts = sent.map(([name, value]) => {
    const escaped = name.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
    return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${escaped}"\r\n\r\n${value}\r\n`;
  });
  return Buffer.from(`${parts.join('')}--${BOUNDARY}--\r\n`).toString('latin1');
}

function sorted(pairs: readonly Field[]): Field[] {
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1));
}
