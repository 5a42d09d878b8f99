// The server's messages: one line with the time; each error once, with its position.

import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { errorPageText } from '../../engine/http/error-page/error-text.ts';
import { wantsColours } from '../../engine/process/colours.ts';
import { messages } from '../../engine/process/messages.ts';
import { folderWith } from '../folder.ts';
import { program } from './program.ts';

function speaker(settings: { root_dir: string; log: string | false }, colours = false) {
  const written: string[] = [];
  const now = () => new Date(2026, 10, 21, 12, 30, 1).getTime();
  const say = messages({ write: (text) => written.push(text), now, colours, settings: () => settings });
  return { say, written };
}

test('a message is one line with the time', (t) => {
  const { say, written } = speaker({ root_dir: '/', log: 'text' });
  say('info', 'configuration reloaded');
  say('warn', 'careful');
  say('error', 'failed');
  t.deepEqual(written, [
    '12:30:01 configuration reloaded\n',
    '12:30:01 warning: careful\n',
    '12:30:01 error: failed\n',
  ]);
});

test('a Problem is shown with its position, the lines around it and the remedy', async (t) => {
  const folder = await folderWith(t, { 'cart.pih': 'one\ntwo\nthree' });
  const { say, written } = speaker({ root_dir: folder, log: 'text' });
  const details = { file: join(folder, 'cart.pih'), line: 2, column: 2, params: { key: 'x' } };
  say('error', 'failed', new Problem('config-repeated-key', details));
  const text = written.join('');
  t.regex(text, /cart\.pih:2:2: .*the key "x" stands here twice/);
  t.regex(text, /> 2 \| two\n.*\| {2}\^/);
  t.regex(text, /Remove one of the two\./);
});

test('the same error is said once', (t) => {
  const { say, written } = speaker({ root_dir: '/', log: 'text' });
  const error = new Error('once');
  say('error', 'first', error);
  say('error', 'second', error);
  t.is(written.length, 1);
});

test('with "log": "json" a message is one JSON object', (t) => {
  const { say, written } = speaker({ root_dir: '/', log: 'json' });
  say(
    'error',
    'failed',
    new Problem('config-repeated-key', {
      file: '/f',
      line: 1,
      column: 2,
      params: { key: 'x' },
      cause: new Error('deep'),
    }),
  );
  t.is(written.length, 1);
  t.is(written[0]?.match(/\n/g)?.length, 1);
  t.like(JSON.parse(written[0] ?? ''), {
    level: 'error',
    message: 'failed',
    error: {
      code: 'config-repeated-key',
      file: '/f',
      line: 1,
      column: 2,
      cause: { name: 'Error', text: 'deep' },
    },
  });
});

test('colours only on a terminal, never with NO_COLOR', (t) => {
  const terminal = { isTTY: true };
  t.true(wantsColours(terminal, {}));
  t.false(wantsColours({}, {}));
  t.false(wantsColours(terminal, { NO_COLOR: '1' }));
  t.true(wantsColours(terminal, { NO_COLOR: '' }));
  t.true(wantsColours({}, { FORCE_COLOR: '1' }));
  t.false(wantsColours(terminal, { FORCE_COLOR: '0' }));
  t.false(wantsColours(terminal, { TERM: 'dumb' }));
  const { say, written } = speaker({ root_dir: '/', log: 'text' }, true);
  say('error', 'failed');
  t.is(written[0], '12:30:01 \x1b[31merror: failed\x1b[39m\n');
});

/** Characters that must not reach a terminal: they move the cursor, colour, hide, reorder or end a line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for control characters
const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Cf}\p{Cs}\u2028\u2029]/u;

/** Text of a visitor that forges log lines, with all kinds of line ends and escapes. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\n',
        '\r',
        '\r\n',
        '\t',
        '\x1b[2J',
        '\x9b31m',
        '\u202e',
        '\u2028',
        '\x85',
        '\ud800',
        '\u{e0041}',
      ),
      fc.constant(
        '\n12:30:01 [200] GET /forged 1 ms\n    at forged (/site/a.pih:1:1)\ncaused by Error: forged',
      ),
    ),
  )
  .map((parts) => parts.join(''));

test('a message with any text of a visitor stays one message, and has no control characters', (t) => {
  fc.assert(
    fc.property(hostile, hostile, hostile, (message, first, second) => {
      const { say, written } = speaker({ root_dir: '/', log: 'text' });
      say(
        'error',
        message,
        Object.assign(new Error(first, { cause: new TypeError(second) }), { name: first }),
      );
      const [text = ''] = written;
      t.notRegex(text, DANGEROUS);
      const lines = text.split('\n').slice(0, -1);
      t.true(lines[0]?.startsWith('12:30:01 error: '));
      t.true(lines.slice(1).every((line) => line === '' || line.startsWith('  ')));
      t.is(lines.filter((line) => line.startsWith('  caused by ')).length, 1);
      t.false(lines.some((line) => /^ {2,6}at forged/.test(line)));
    }),
  );
});

test('with "log": "json" a message is one line of JSON', (t) => {
  fc.assert(
    fc.property(hostile, hostile, (message, cause) => {
      const { say, written } = speaker({ root_dir: '/', log: 'json' });
      say('warn', message, new Error(cause));
      const [line = ''] = written;
      t.notRegex(line.slice(0, -1), /[\n\t]/);
      t.notRegex(line, DANGEROUS);
      t.like(JSON.parse(line), { message, error: { text: cause } });
    }),
  );
});

test('the plain text of an error page has no row that a visitor has made up', (t) => {
  fc.assert(
    fc.property(hostile, hostile, (name, value) => {
      const text = errorPageText(500, `GET /${name}`, [], [{ title: 'Fields', rows: [[name, value]] }]);
      t.notRegex(text, DANGEROUS);
      t.is(text.match(/^ {2}(?! )/gm)?.length ?? 1, 1);
      t.true(text.startsWith('500 GET /'));
    }),
  );
});

for (const log of ['text', 'json'] as const) {
  test(`no field of a request forges a line of the server's output ("log": "${log}")`, async (t) => {
    const cwd = await folderWith(t, {
      'karrigell.config.json': { log, debug: true },
      'site/throw.pih': "<% throw new Error('no such product: ' + QUERY.x) %>",
      'site/attribute.pih': '<% const s = Session<any>(); s[QUERY.k] = () => 1; %>',
    });
    const { url, output, printed } = await program(t, cwd);
    const evil = encodeURIComponent(
      'a\r12:00:00 [200]\x1b[2J\x1b]0;owned\x07\u202e\x9b31m\n12:00:00 [200] GET /forged 1 ms',
    );
    const page = await (await fetch(`${url}/throw?x=${evil}`)).text();
    await (await fetch(`${url}/attribute?k=${evil}`)).text();
    await printed(/GET \/attribute|"path":"\/attribute"/);
    t.notRegex(page, DANGEROUS);
    t.notRegex(output(), DANGEROUS);
    t.regex(output(), /forged/);
    t.notRegex(output(), /^12:00:00/m);
    if (log === 'json')
      for (const line of output()
        .split('\n')
        .filter((each) => each.startsWith('{')))
        t.notThrows(() => JSON.parse(line));
  });
}
