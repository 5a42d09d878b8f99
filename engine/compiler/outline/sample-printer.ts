// Prints samples of a page without running it: each statement that prints is followed once (sample-statements.ts), with its calls
// (sample-expressions.ts), parts and layouts in their places. Of branches each sample takes one (branch-choices.ts).

import type { BranchChoices } from './branch-choices.ts';
import type { Frame } from './evaluate-expression.ts';
import type { OutlinedPage } from './outlined-source.ts';
import type { Possible } from './possible-value.ts';
import type { PrintedPiece } from './printed-piece.ts';
import { type ExpressionTargets, SampleExpressions } from './sample-expressions.ts';
import {
  DEEPEST,
  type Printing,
  type SampleLinks,
  SampleRun,
  type SampleSurroundings,
} from './sample-run.ts';
import { SampleStatements } from './sample-statements.ts';

const NOTHING_AROUND: SampleSurroundings = { content: undefined, sections: new Map(), isRepeated: false };

/** The pieces of one sample of a page, its layouts included. */
export function printedSample(
  page: OutlinedPage,
  links: SampleLinks,
  choices: BranchChoices,
): readonly PrintedPiece[] {
  return new PagePrinter(new SampleRun(links, choices)).page(page, undefined, '', 0, NOTHING_AROUND);
}

/** Prints the pages of one sample. */
class PagePrinter implements ExpressionTargets {
  readonly #sample: SampleRun;
  readonly #statements: SampleStatements;

  constructor(sample: SampleRun) {
    this.#sample = sample;
    this.#statements = new SampleStatements(sample, new SampleExpressions(sample, this));
  }

  statement(...[node, printing, frame]: Parameters<ExpressionTargets['statement']>): void {
    this.#statements.run(node, printing, frame);
  }

  page(
    page: OutlinedPage,
    args: Possible,
    instance: string,
    depth: number,
    around: SampleSurroundings,
  ): readonly PrintedPiece[] {
    const { links, budget } = this.#sample;
    const printing: Printing = { ...around, page, instance, depth, given: new Map(), layout: undefined };
    const { imported } = links;
    const frame: Frame = { source: page, args, values: new Map(), rounds: [], imported, budget };
    const pieces = this.#sample.collected(() => this.#statements.all(page.tree.body, printing, frame));
    const { layout, given } = printing;
    const wrapper = layout && depth < DEEPEST ? links.page(layout.path, page.file) : undefined;
    if (layout === undefined || wrapper === undefined) return pieces;
    const sections = new Map([...around.sections, ...given]);
    const outer = { content: pieces, sections, isRepeated: around.isRepeated };
    return this.page(wrapper, layout.data, `${instance}/layout`, depth + 1, outer);
  }
}
