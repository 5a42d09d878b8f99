// Follows the calls in an expression that print: page names, functions of the page, and functions that are given to others.

import type { AnyNode, CallExpression } from 'acorn';
import { childNodes } from '../2-parse/syntax-nodes.ts';
import { isFunction } from '../3-analyse/flow/output-nodes.ts';
import { bindPattern } from './bind-pattern.ts';
import { roundKey } from './branch-keys.ts';
import { pageNameOf } from './early-ends.ts';
import { calledFrame, evaluate, type Frame, frameInRound, frameWith } from './evaluate-expression.ts';
import { calledFunction, type OutlinedPage } from './outlined-source.ts';
import { outputPieces } from './output-pieces.ts';
import { type Possible, roundsOf, textsOf } from './possible-value.ts';
import type { PrintedPiece } from './printed-piece.ts';
import { DEEPEST, type Printing, type SampleRun, type SampleSurroundings } from './sample-run.ts';

/** The targets of expressions: statements in the functions that they call, and parts. */
export interface ExpressionTargets {
  /** Runs a statement. */
  statement(node: AnyNode, printing: Printing, frame: Frame): void;
  /** The pieces of a part, its layouts included. */
  page(
    page: OutlinedPage,
    args: Possible,
    instance: string,
    depth: number,
    around: SampleSurroundings,
  ): readonly PrintedPiece[];
}

/** Prints the expressions of one sample. */
export class SampleExpressions {
  readonly #sample: SampleRun;
  readonly #targets: ExpressionTargets;

  constructor(sample: SampleRun, targets: ExpressionTargets) {
    this.#sample = sample;
    this.#targets = targets;
  }

  /** The output of a value. */
  output(node: AnyNode, start: number, isRaw: boolean, printing: Printing, frame: Frame): void {
    const { page } = printing;
    const isTrue = (test: AnyNode, at: Frame) => this.#sample.isTrue(test, printing, at);
    this.#sample.within(() =>
      this.#sample.add(outputPieces(node, frame, { page, around: printing, start, isRaw, isTrue })),
    );
  }

  /** Follows the calls in an expression. */
  run(node: AnyNode, printing: Printing, frame: Frame): void {
    if (!printing.page.printing.has(node) || isFunction(node)) return;
    if (node.type === 'ConditionalExpression') {
      this.#sample.within(() => {
        const chosen = this.#sample.isTrue(node.test, printing, frame) ? node.consequent : node.alternate;
        this.run(chosen, printing, frame);
      });
      return;
    }
    if (node.type === 'CallExpression' && this.#call(node, printing, frame)) return;
    for (const child of childNodes(node)) this.run(child, printing, frame);
  }

  /** Whether the call is one that this function has followed. */
  #call(call: CallExpression, printing: Printing, frame: Frame): boolean {
    const [first, second] = call.arguments;
    switch (pageNameOf(call, printing.page)) {
      case 'Include':
        this.#include(call, printing, frame);
        return true;
      case 'Layout': {
        const [path = '', ...others] = first === undefined ? [] : textsOf(evaluate(first, frame));
        if (others.length === 0) printing.layout = { path, data: second && evaluate(second, frame) };
        return true;
      }
      case 'Section': {
        const pieces = this.#sample.collected(() => second && this.#callback(second, [], printing, frame));
        const names = first === undefined ? [] : textsOf(evaluate(first, frame));
        for (const name of names) printing.given.set(name, pieces);
        return true;
      }
      case 'print':
        for (const argument of call.arguments) this.output(argument, argument.start, false, printing, frame);
        return true;
    }
    const called = calledFunction(call, printing.page);
    if (called !== undefined) {
      this.#body(called, printing, calledFrame(called, call, frame));
      return true;
    }
    return this.#callbacks(call, printing, frame);
  }

  /** Functions that are given to a method of a list run for each item, other functions once. */
  #callbacks(call: CallExpression, printing: Printing, frame: Frame): boolean {
    const callbacks = call.arguments.filter(
      (argument) => isFunction(argument) && printing.page.printing.has(argument),
    );
    if (callbacks.length === 0) return false;
    const list = call.callee.type === 'MemberExpression' ? call.callee.object : undefined;
    for (const [round, { item, index, isOptional }] of roundsOf(list && evaluate(list, frame)).entries())
      this.#sample.within(() => {
        if (isOptional) this.#sample.doubt('conditional');
        for (const callback of callbacks) this.#callback(callback, [item, index], printing, frame, round);
      });
    return true;
  }

  #callback(
    node: AnyNode,
    given: readonly Possible[],
    printing: Printing,
    frame: Frame,
    round?: number,
  ): void {
    if (!isFunction(node)) {
      if (node.type !== 'Identifier') return;
      const name = printing.page.declared.get(node.start);
      const named =
        name && (printing.page.functions.get(name.node) ?? printing.page.declarators.get(name.node)?.init);
      if (named && isFunction(named)) this.#callback(named, given, printing, frame, round);
      return;
    }
    const values = node.params.flatMap((param, index) =>
      bindPattern(param, given[index], (each) => evaluate(each, frame)),
    );
    const counter = node.params[1]?.start;
    const inside =
      round === undefined ? frameWith(frame, values) : frameInRound(frame, node, round, values, counter);
    this.#body(node, printing, inside);
  }

  #body({ body }: { readonly body: AnyNode }, printing: Printing, frame: Frame): void {
    this.#sample.follow(() => {
      if (body.type === 'BlockStatement') this.#targets.statement(body, printing, frame);
      else this.run(body, printing, frame);
    });
  }

  #include(call: CallExpression, printing: Printing, frame: Frame): void {
    const { page, depth, instance } = printing;
    const { links } = this.#sample;
    const [first, second] = call.arguments;
    const [path = '', ...others] = first === undefined ? [] : textsOf(evaluate(first, frame));
    const part = others.length === 0 && depth < DEEPEST ? links.page(path, page.file) : undefined;
    if (part === undefined) {
      this.#sample.add([{ kind: 'unknown', value: undefined, page, start: call.start }]);
      return;
    }
    const last = call.arguments.at(-1);
    const children = last !== undefined && last !== first && isFunction(last) ? last : undefined;
    const content = children && this.#sample.collected(() => this.#callback(children, [], printing, frame));
    const data = second === undefined || second === children ? undefined : evaluate(second, frame);
    const isRepeated = printing.isRepeated || frame.rounds.length > 0;
    const around = { content, sections: new Map(), isRepeated };
    const place = `${instance}${roundKey(frame.rounds)}/${call.start}`;
    this.#sample.add(this.#targets.page(part, data, place, depth + 1, around));
  }
}
