// Runs the statements of a page that print: each of them once, loops over literal lists item by item. Of branches each sample takes
// one.

import type {
  AnyNode,
  DoWhileStatement,
  ForInStatement,
  ForOfStatement,
  ForStatement,
  IfStatement,
  SwitchStatement,
  WhileStatement,
} from 'acorn';
import { bindPattern } from './bind-pattern.ts';
import { branchKey } from './branch-keys.ts';
import { type Completion, endsEarly, isRedirect, withinLoop } from './early-ends.ts';
import { evaluate, type Frame, frameInRound } from './evaluate-expression.ts';
import type { OutlinedPage } from './outlined-source.ts';
import { roundsOf } from './possible-value.ts';
import { pageText } from './printed-text.ts';
import type { SampleExpressions } from './sample-expressions.ts';
import type { Printing, SampleRun } from './sample-run.ts';
import { truthOf } from './value-operators.ts';

/** Runs the statements of one sample. */
export class SampleStatements {
  readonly #sample: SampleRun;
  readonly #expressions: SampleExpressions;

  constructor(sample: SampleRun, expressions: SampleExpressions) {
    this.#sample = sample;
    this.#expressions = expressions;
  }

  all(nodes: readonly AnyNode[], printing: Printing, frame: Frame): Completion {
    for (const node of nodes) {
      const completion = this.run(node, printing, frame);
      if (completion !== 'normal') return completion;
    }
    return 'normal';
  }

  run(node: AnyNode, printing: Printing, frame: Frame): Completion {
    const { page } = printing;
    switch (node.type) {
      case 'ReturnStatement':
      case 'ThrowStatement':
        return 'end';
      case 'BreakStatement':
      case 'ContinueStatement':
        return 'jump';
      case 'ExpressionStatement':
        if (isRedirect(node.expression, page)) return 'end';
    }
    if (!page.printing.has(node)) {
      if (node.type === 'IfStatement') this.#doubtAfter(node, printing, frame);
      return 'normal';
    }
    switch (node.type) {
      case 'EmptyStatement':
        this.#text(node.start, page);
        return 'normal';
      case 'ExpressionStatement':
        this.#expressionStatement(node, printing, frame);
        return 'normal';
      case 'BlockStatement':
        return this.all(node.body, printing, frame);
      case 'IfStatement':
        return this.#if(node, printing, frame);
      case 'ForOfStatement':
      case 'ForInStatement':
        return this.#each(node, printing, frame);
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        return this.#loop(node, printing, frame);
      case 'LabeledStatement':
        return this.run(node.body, printing, frame);
      case 'SwitchStatement':
        return this.#switch(node, printing, frame);
      case 'TryStatement': {
        const handler = node.handler && page.printing.has(node.handler.body) ? node.handler.body : undefined;
        const completion = this.#sample.within(() => {
          const isCaught = handler && this.#sample.isCaught(node, printing, frame);
          return this.run(isCaught ? handler : node.block, printing, frame);
        });
        return node.finalizer ? this.run(node.finalizer, printing, frame) : completion;
      }
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
        return 'normal';
      default:
        this.#expressions.run(node, printing, frame);
        return 'normal';
    }
  }

  #text(start: number, page: OutlinedPage): void {
    const segment = page.texts.get(start);
    if (segment !== undefined) this.#sample.add([pageText(segment, page)]);
  }

  #expressionStatement(
    { expression, start }: Extract<AnyNode, { type: 'ExpressionStatement' }>,
    printing: Printing,
    frame: Frame,
  ): void {
    const output = printing.page.outputs.get(start);
    this.#expressions.run(expression, printing, frame);
    if (output !== undefined)
      this.#expressions.output(expression, output.start, output.kind === 'raw', printing, frame);
  }

  #if(node: IfStatement, printing: Printing, frame: Frame): Completion {
    const { test, consequent, alternate } = node;
    const branches = [consequent, alternate ?? undefined];
    const truth = truthOf(evaluate(test, frame));
    const silent = branches.findIndex(
      (branch) => branch && !printing.page.printing.has(branch) && endsEarly(branch, printing.page),
    );
    const completion = this.#sample.within(() => {
      const chosen =
        truth !== undefined
          ? Number(!truth)
          : silent !== -1
            ? 1 - silent
            : this.#sample.choice(test, 2, printing, frame);
      const branch = branches[chosen];
      return branch === undefined ? 'normal' : this.run(branch, printing, frame);
    });
    if (truth === undefined) this.#doubtAfter(node, printing, frame);
    return completion;
  }

  /** Doubts the statements behind an `if` that may leave the round of a loop. */
  #doubtAfter({ consequent, alternate }: IfStatement, printing: Printing, { rounds }: Frame): void {
    const branches = alternate ? [consequent, alternate] : [consequent];
    if (branches.some((branch) => endsEarly(branch, printing.page)))
      this.#sample.doubtRound(printing, rounds);
  }

  /** A loop without a list runs once. */
  #loop(
    loop: ForStatement | WhileStatement | DoWhileStatement,
    printing: Printing,
    frame: Frame,
  ): Completion {
    const inside = frameInRound(frame, loop, 0, []);
    return this.#sample.within(() => {
      const isCarried =
        loop.type === 'WhileStatement' && branchKey(loop.test, printing.page, inside.rounds).isCarried;
      if (isCarried) this.#sample.doubt('carried');
      return withinLoop(this.run(loop.body, printing, inside));
    });
  }

  #each(loop: ForOfStatement | ForInStatement, printing: Printing, frame: Frame): Completion {
    const { left, body } = loop;
    const right = loop.type === 'ForOfStatement' ? loop.right : undefined;
    const pattern = left.type === 'VariableDeclaration' ? left.declarations[0]?.id : undefined;
    const counter = pattern?.type === 'ArrayPattern' ? pattern.elements[0]?.start : undefined;
    for (const [round, { item, isOptional }] of roundsOf(right && evaluate(right, frame)).entries()) {
      const values = pattern === undefined ? [] : bindPattern(pattern, item, (node) => evaluate(node, frame));
      const inside = frameInRound(frame, loop, round, values, counter);
      const completion = this.#sample.within(() => {
        if (isOptional) this.#sample.doubt('conditional');
        return this.run(body, printing, inside);
      });
      if (completion === 'end') return 'end';
    }
    return 'normal';
  }

  #switch({ discriminant, cases }: SwitchStatement, printing: Printing, frame: Frame): Completion {
    const hasDefault = cases.some(({ test }) => test === null);
    const count = cases.length + Number(!hasDefault);
    return this.#sample.within(() => {
      const chosen = this.#sample.choice(discriminant, count, printing, frame);
      for (const { consequent } of cases.slice(chosen)) {
        const completion = this.all(consequent, printing, frame);
        if (completion !== 'normal') return withinLoop(completion);
      }
      return 'normal';
    });
  }
}
