import test from 'ava';
import fc from 'fast-check';
import { applyEdits } from '../../../engine/compiler/4-emit/edits.ts';

test('edits replace, insert and remove; pieces tell where the rest stands', (t) => {
  const edits = [
    { start: 6, end: 6, text: '!' },
    { start: 2, end: 4, text: 'XYZ' },
    { start: 2, end: 2, text: '+' },
    { start: 2, end: 2, text: '-' },
    { start: 5, end: 6, text: '' },
  ];
  t.deepEqual(applyEdits('abcdef', edits), {
    code: 'ab+-XYZe!',
    pieces: [
      { generated: 0, source: 0, length: 2 },
      { generated: 7, source: 4, length: 1 },
    ],
  });
});

test('edits that overlap are refused', (t) => {
  t.throws(
    () =>
      applyEdits('abcdef', [
        { start: 1, end: 4, text: '' },
        { start: 3, end: 5, text: '' },
      ]),
    { instanceOf: RangeError },
  );
});

test('every piece has the same characters in the code as in the source', (t) => {
  const edit = fc.record({ at: fc.nat(20), length: fc.nat(3), text: fc.string({ maxLength: 3 }) });
  fc.assert(
    fc.property(
      fc.string({ minLength: 100, maxLength: 100 }),
      fc.array(edit, { maxLength: 5 }),
      (source, wanted) => {
        const edits = wanted.map(({ at, length, text }, index) => ({
          start: index * 20 + Math.min(at, 16),
          end: index * 20 + Math.min(at, 16) + length,
          text,
        }));
        const { code, pieces } = applyEdits(source, edits);
        for (const { generated, source: from, length } of pieces) {
          if (code.slice(generated, generated + length) !== source.slice(from, from + length)) return false;
        }
        const kept = pieces.reduce((sum, piece) => sum + piece.length, 0);
        return kept === source.length - edits.reduce((sum, { start, end }) => sum + end - start, 0);
      },
    ),
  );
  t.pass();
});
