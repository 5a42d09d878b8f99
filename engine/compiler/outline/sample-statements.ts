// Runs the statements of a page that print: each of them once, loops over literal lists item by item. Of branches each sample takes
// one.

import type { AnyNode, SwitchStatement } from 'acorn';
import { bindPattern } from './bind-pattern.ts';
import { type Completion, endsEarly, isRedirect, withinLoop } from './early-ends.ts';
import { evaluate, type Frame, frameWith } from './evaluate-expression.ts';
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
    if (!page.printing.has(node)) return 'normal';
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
        return this.#each(node.left, node.right, node.body, printing, frame);
      case 'ForInStatement':
        return this.#each(node.left, undefined, node.body, printing, frame);
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
        return withinLoop(this.run(node.body, printing, frame));
      case 'LabeledStatement':
        return this.run(node.body, printing, frame);
      case 'SwitchStatement':
        return this.#switch(node, printing, frame);
      case 'TryStatement': {
        const handler = node.handler && page.printing.has(node.handler.body) ? node.handler.body : undefined;
        const isCaught = handler && this.#sample.isCaught(node, printing);
        const completion = this.run(isCaught ? handler : node.block, printing, frame);
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

  #if(
    { test, consequent, alternate }: Extract<AnyNode, { type: 'IfStatement' }>,
    printing: Printing,
    frame: Frame,
  ): Completion {
    const branches = [consequent, alternate ?? undefined];
    const truth = truthOf(evaluate(test, frame));
    const silent = branches.findIndex(
      (branch) => branch && !printing.page.printing.has(branch) && endsEarly(branch, printing.page),
    );
    const chosen =
      truth !== undefined
        ? Number(!truth)
        : silent !== -1
          ? 1 - silent
          : this.#sample.choice(test, 2, printing);
    const branch = branches[chosen];
    return branch === undefined ? 'normal' : this.run(branch, printing, frame);
  }

  #each(
    left: AnyNode,
    right: AnyNode | undefined,
    body: AnyNode,
    printing: Printing,
    frame: Frame,
  ): Completion {
    const pattern = left.type === 'VariableDeclaration' ? left.declarations[0]?.id : undefined;
    for (const item of roundsOf(right && evaluate(right, frame))) {
      const values = pattern === undefined ? [] : bindPattern(pattern, item, (node) => evaluate(node, frame));
      if (this.run(body, printing, frameWith(frame, values)) === 'end') return 'end';
    }
    return 'normal';
  }

  #switch({ discriminant, cases }: SwitchStatement, printing: Printing, frame: Frame): Completion {
    const hasDefault = cases.some(({ test }) => test === null);
    const chosen = this.#sample.choice(discriminant, cases.length + Number(!hasDefault), printing);
    for (const { consequent } of cases.slice(chosen)) {
      const completion = this.all(consequent, printing, frame);
      if (completion !== 'normal') return withinLoop(completion);
    }
    return 'normal';
  }
}
