// docs/errors.md is generated; this test fails when the tables of error codes have changed since.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { errorReference, unlistedCodes } from '../../docs/error-reference.ts';

const FILE = fileURLToPath(new URL('../../../docs/errors.md', import.meta.url));

test('docs/errors.md has the text that the tables of error codes give', (t) => {
  t.is(
    readFileSync(FILE, 'utf8'),
    errorReference(),
    'The error codes have changed: run `npm run docs` and commit docs/errors.md with them.',
  );
});

test('the reference has every error code', (t) => {
  t.deepEqual(unlistedCodes(), [], 'Add the table of these codes to AREAS in docs/error-reference.ts.');
});

test('an example shows the position of the error', (t) => {
  const text = errorReference();
  const entry = text.slice(text.indexOf('### output-in-tag'));
  t.regex(entry, /Example:\n\n```text\n {2}1 \| <p>\n> 2 \| <p <%= _a %>><\/p>\n {4}\| {4}\^\n```/);
});
