// The state of one sample while it is printed: its pieces, the branches that it takes, and its limits, so that no page can make a check
// run for long.

import type { AnyNode } from 'acorn';
import type { BranchChoices } from './branch-choices.ts';
import { branchKey } from './branch-keys.ts';
import { evaluate, type Frame } from './evaluate-expression.ts';
import type { OutlinedPage } from './outlined-source.ts';
import type { Possible } from './possible-value.ts';
import type { PieceDoubt, PrintedPiece } from './printed-piece.ts';
import { truthOf } from './value-operators.ts';

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
  /** Whether it stands in a loop. */
  readonly isRepeated: boolean;
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
  #doubt: PieceDoubt | undefined;
  #count = 0;
  #calls = 0;

  constructor(links: SampleLinks, choices: BranchChoices) {
    this.links = links;
    this.#choices = choices;
  }

  add(pieces: readonly PrintedPiece[]): void {
    this.#count += pieces.length;
    if (this.#count > MOST_PIECES) return;
    for (const piece of pieces) this.#pieces.push(this.#doubted(piece));
  }

  #doubted(piece: PrintedPiece): PrintedPiece {
    const doubt = moreOf(piece.doubt, this.#doubt);
    return doubt === piece.doubt ? piece : { ...piece, doubt };
  }

  /** Doubts all pieces from here on, until the `within` around ends. */
  doubt(doubt: PieceDoubt): void {
    this.#doubt = moreOf(this.#doubt, doubt);
  }

  /** Doubts the pieces that only some rounds of a loop may print. */
  doubtRound({ isRepeated }: Printing, rounds: Frame['rounds']): void {
    if (isRepeated || rounds.length > 0) this.doubt('conditional');
  }

  /** Runs code; doubts of its pieces end with it. */
  within<T>(run: () => T): T {
    const before = this.#doubt;
    const result = run();
    this.#doubt = before;
    return result;
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
    this.within(call);
    this.#calls--;
  }

  /**
   * The branch that this sample takes at a condition of which nothing is known. The pieces from here on are doubted. One that begins
   * with `!` is the same one with its branches exchanged.
   */
  choice(test: AnyNode, count: number, printing: Printing, { rounds }: Frame): number {
    const { page, instance } = printing;
    let [node, isNegated] = [test, false];
    while (node.type === 'UnaryExpression' && node.operator === '!')
      [node, isNegated] = [node.argument, !isNegated];
    const { text, isCarried } = branchKey(node, page, rounds);
    const choice = this.#choices.of(`${instance} ${text}`, count);
    if (isCarried) this.doubt('carried');
    else this.doubtRound(printing, rounds);
    return isNegated ? count - 1 - choice : choice;
  }

  /** Whether this sample runs the `catch` of a statement. */
  isCaught(statement: AnyNode, printing: Printing, { rounds }: Frame): boolean {
    this.doubtRound(printing, rounds);
    return this.#choices.of(`${printing.instance} try ${statement.start}`, 2) === 1;
  }

  /** The operand of a conditional expression that this sample takes. */
  isTrue(test: AnyNode, printing: Printing, frame: Frame): boolean {
    return truthOf(evaluate(test, frame)) ?? this.choice(test, 2, printing, frame) === 0;
  }
}

function moreOf(one: PieceDoubt | undefined, other: PieceDoubt | undefined): PieceDoubt | undefined {
  return one === 'carried' || other === 'carried' ? 'carried' : (one ?? other);
}
