// The state of one sample while it is printed: its pieces, the branches that it takes, and its limits, so that no page can make a check
// run for long.

import type { AnyNode } from 'acorn';
import type { BranchChoices } from './branch-choices.ts';
import type { Frame } from './evaluate-expression.ts';
import type { OutlinedPage } from './outlined-source.ts';
import type { Possible } from './possible-value.ts';
import type { PrintedPiece } from './printed-piece.ts';

/** The pages and modules that a page names. */
export interface SampleLinks {
  /** The page that Include or Layout names; undefined if there is none that compiles. */
  readonly page: (path: string, from: string) => OutlinedPage | undefined;
  readonly imported: Frame['imported'];
}

/** The surroundings of a page while it prints: the content and the sections that its caller gives. */
export interface SampleSurroundings {
  readonly content: readonly PrintedPiece[] | undefined;
  readonly sections: ReadonlyMap<string, readonly PrintedPiece[]>;
}

/** One page in one sample. */
export interface Printing extends SampleSurroundings {
  readonly page: OutlinedPage;
  /** Tells the uses of one part apart. */
  readonly instance: string;
  readonly depth: number;
  /** The sections that the page gives its layout. */
  readonly given: Map<string, readonly PrintedPiece[]>;
  layout: { readonly path: string; readonly data: Possible } | undefined;
}

/** Pages in pages, and functions in functions, are followed so deep. */
export const DEEPEST = 24;
const MOST_PIECES = 20_000;
const MOST_EVALUATIONS = 50_000;

/** One sample. */
export class SampleRun {
  readonly links: SampleLinks;
  readonly budget = { left: MOST_EVALUATIONS };
  readonly #choices: BranchChoices;
  #pieces: PrintedPiece[] = [];
  #count = 0;
  #calls = 0;

  constructor(links: SampleLinks, choices: BranchChoices) {
    this.links = links;
    this.#choices = choices;
  }

  add(pieces: readonly PrintedPiece[]): void {
    this.#count += pieces.length;
    if (this.#count > MOST_PIECES) return;
    for (const piece of pieces) this.#pieces.push(piece);
  }

  /** The pieces that `print` adds; they are not added to the pieces around. */
  collected(print: () => void): PrintedPiece[] {
    const before = this.#pieces;
    const pieces: PrintedPiece[] = [];
    this.#pieces = pieces;
    print();
    this.#pieces = before;
    return pieces;
  }

  /** Follows a function, unless too many functions are followed already. */
  follow(call: () => void): void {
    if (this.#calls > DEEPEST) return;
    this.#calls++;
    call();
    this.#calls--;
  }

  /** The branch that this sample takes at a condition. One that begins with `!` is the same one with its branches exchanged. */
  choice(test: AnyNode, count: number, { page, instance }: Printing): number {
    let [node, isNegated] = [test, false];
    while (node.type === 'UnaryExpression' && node.operator === '!')
      [node, isNegated] = [node.argument, !isNegated];
    const text = page.source.slice(node.start, node.end).replace(/\s+/g, ' ');
    const choice = this.#choices.of(`${instance} ${text}`, count);
    return isNegated ? count - 1 - choice : choice;
  }

  /** Whether this sample runs the `catch` of a statement. */
  isCaught(statement: AnyNode, { instance }: Printing): boolean {
    return this.#choices.of(`${instance} try ${statement.start}`, 2) === 1;
  }
}
