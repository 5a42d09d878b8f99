// A session is written and read again as it was, or refused by name; any text that is read is a session or none.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Problem } from '../../../engine/index.ts';
import { parsedRecord, serializedRecord } from '../../../engine/session/format/serialized-store.ts';
import { emptyRecord } from '../../../engine/session/format/session-record.ts';
import { inFull } from '../../session/storable.ts';
import { target } from '../target.ts';
import { built, type Recipe, recipes } from './session-values.ts';

type Input = { readonly write: Recipe } | { readonly read: string };

const START = '{"karrigell":1,"created":"2026-01-01T00:00:00.000Z",';

const pieces = fc.constantFrom(
  ...[
    '[',
    ']',
    '{',
    '}',
    ',',
    ':',
    '"',
    'null',
    'true',
    '1',
    '-',
    '1e999',
    '{"$holes":3}',
    '{"$holes":4294967295}',
    '"$map"',
  ],
  ...[
    '{"$map":[',
    '{"$set":[',
    '{"$date":"2026-01-01T00:00:00.000Z"}',
    '{"$date":null}',
    '{"$bigint":"1"}',
    '{"$number":"-0"}',
  ],
  ...[
    '"__proto__":',
    '"$$a":',
    '"$a":',
    '{"$no_prototype":{',
    '"data":{',
    '"flash":{"a":1}',
    '"timeouts":{"a":"x"}',
    '"a":',
  ],
  ...[
    '"cookie":{"path":1}',
    '"cookie_sent":"x"',
    '"remember":1',
    '[['.repeat(400),
    '{"a":'.repeat(400),
    '"\\ud800"',
  ],
);

export const codecTarget = target<Input>({
  name: 'codec',
  inputs: fc.oneof(
    fc.record({ write: recipes }),
    fc.record({ read: fc.array(pieces, { maxLength: 12 }).map((parts) => `${START}${parts.join('')}`) }),
    fc.record({
      read: fc.array(pieces, { maxLength: 8 }).map((parts) => `${START}"data":{"a":${parts.join('')}}}`),
    }),
  ),
  isInput: (input): input is Input =>
    typeof input === 'object' && input !== null && ('write' in input || 'read' in input),
  open: async () => ({
    holds: (input) => ('write' in input ? comesBack(input.write) : isReadOrNone(input.read)),
  }),
});

function comesBack(recipe: Recipe): void {
  const record = emptyRecord(0);
  record.data.x = built(recipe);
  const refusal = /\["(bad|far)"/.test(JSON.stringify(recipe));
  try {
    assert.equal(inFull(parsedRecord(serializedRecord(record))), inFull(record));
    assert.ok(!refusal, 'what cannot be kept was not refused');
  } catch (error) {
    if (!(error instanceof Problem) || !refusal) throw error;
    assert.match(error.text, /s\.x/);
  }
}

function isReadOrNone(text: string): void {
  const record = parsedRecord(text);
  if (record === undefined) return;
  const again = serializedRecord(record);
  assert.equal(serializedRecord(parsedRecord(again) ?? emptyRecord(0)), again);
}
