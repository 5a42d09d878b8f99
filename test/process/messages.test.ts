// How the server speaks: one line with the time, an error once, with its place.

import { join } from 'node:path';
import test from 'ava';
import { Problem } from '../../engine/diagnostics/problem.ts';
import { wantsColours } from '../../engine/process/colours.ts';
import { messages } from '../../engine/process/messages.ts';
import { folderWith } from '../folder.ts';

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

test('a Problem is shown with its place, the lines around it and the remedy', async (t) => {
  const folder = await folderWith(t, { 'cart.pih': 'one\ntwo\nthree' });
  const { say, written } = speaker({ root_dir: folder, log: 'text' });
  const details = { file: join(folder, 'cart.pih'), line: 2, column: 2, holes: { key: 'x' } };
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
    new Problem('config-repeated-key', { file: '/f', line: 1, column: 2, cause: new Error('deep') }),
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
  t.is(written[0], '12:30:01 \x1b[31merror: failed\x1b[0m\n');
});
