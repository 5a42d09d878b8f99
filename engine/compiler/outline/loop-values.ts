// The values of loop variables over all rounds, for questions that follow no loop: `for (const key of ['min', 'max']) print(QUERY[key])`
// reads two fields.

import type { AnyNode } from 'acorn';
import { bindPattern } from './bind-pattern.ts';
import { evaluate, type Frame, frameOf, frameWith } from './evaluate-expression.ts';
import type { OutlinedPage } from './outlined-source.ts';
import { eitherOf, type Possible, roundsOf } from './possible-value.ts';

/** The frame of a page by itself, in which a variable of a loop over a known list has the values of all items. */
export function frameWithLoops(page: OutlinedPage, imported: Frame['imported']): Frame {
  let frame = frameOf(page, imported);
  for (const { node } of page.survey.nodes) {
    if (node.type !== 'ForOfStatement' || node.left.type !== 'VariableDeclaration') continue;
    const pattern = node.left.declarations[0]?.id;
    const items = roundsOf(evaluate(node.right, frame)).map(({ item }) => item);
    if (pattern !== undefined) frame = frameWith(frame, valuesOfRounds(pattern, items, frame));
  }
  return frame;
}

function valuesOfRounds(pattern: AnyNode, items: readonly Possible[], frame: Frame): Map<number, Possible> {
  const rounds = new Map<number, Possible[]>();
  for (const item of items)
    for (const [at, value] of bindPattern(pattern, item, (node) => evaluate(node, frame)))
      rounds.set(at, [...(rounds.get(at) ?? []), value]);
  return new Map([...rounds].map(([at, values]) => [at, eitherOf(values)]));
}
