// The errors of the flow analysis, with the position of the error and of the tag or attribute that is still open there.

import type { Node } from 'acorn';
import type { CodeParams } from '../../../diagnostics/code-entry.ts';
import type { Code, CodeWith, PlaceholderOf } from '../../../diagnostics/codes.ts';
import { Lines } from '../../../diagnostics/position.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import { type Context, describeContext } from '../../../escaping/context.ts';
import { afterText } from '../../../escaping/transition.ts';
import type { TextSegment } from '../../1-scan/segments.ts';
import { type FlowState, isElementText, type Opening } from './flow-state.ts';

/** Makes the errors of one page. */
export class FlowProblems {
  readonly #source: string;
  readonly #file: string;
  readonly #lines: Lines;

  constructor(source: string, file: string) {
    this.#source = source;
    this.#file = file;
    this.#lines = new Lines(source);
  }

  /** Line and column of an offset. */
  at(offset: number): { line: number; column: number } {
    return this.#lines.at(offset);
  }

  problem<const C extends Code>(code: C, offset: number, params: CodeParams<PlaceholderOf<C>>): Problem {
    return new Problem(code, { file: this.#file, ...this.at(offset), params });
  }

  /** HTML between the members of a class. */
  textInClass(offset: number): Problem {
    return new Problem('text-in-class', { file: this.#file, ...this.at(offset) });
  }

  /** Throws the Problem for two states whose contexts have no join. */
  differ(code: CodeWith<'one' | 'other'>, node: Node, a: FlowState, b: FlowState): never {
    throw this.problem(code, node.start, { one: this.described(a), other: this.described(b) });
  }

  /** "inside the attribute href (from line 3, column 8)". */
  described(state: FlowState): string {
    const offset = isElementText(state.context) ? undefined : this.openingOf(state.opened);
    const words = describeContext(state.context);
    if (offset === undefined) return words;
    const { line, column } = this.at(offset);
    return `${words} (from line ${line}, column ${column})`;
  }

  /** The offset at which the innermost open tag begins. */
  openingOf(opened: Opening | undefined): number | undefined {
    if (opened === undefined) return undefined;
    const index = lastTextIndex(opened.from, opened.text.value);
    return index === -1 ? this.openingOf(opened.earlier) : this.offsetIn(opened.text, index);
  }

  /**
   * The offset in the page of the character at `index` of a text segment. Trimming and `<%%` make the value shorter
   * than the source.
   */
  offsetIn(text: TextSegment, index: number): number {
    const raw = this.#source.slice(text.start, text.end);
    let at = text.innerStart - text.start;
    for (let done = 0; done < index; ) {
      const isDelimiter = raw.startsWith('<%%', at) || raw.startsWith('%%>', at);
      done += isDelimiter ? 2 : 1;
      at += isDelimiter ? 3 : 1;
    }
    return text.start + at;
  }
}

/**
 * The index of the last `<` in a text that stands in element text and begins a tag; -1 if there is none. The text is
 * read once, from its start.
 */
export function lastTextIndex(from: Context, text: string): number {
  let last = isElementText(from) ? 0 : -1;
  let context = from;
  let read = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    context = afterText(context, text.slice(read, at)).context;
    read = at;
    if (isElementText(context)) last = at;
  }
  return last;
}
