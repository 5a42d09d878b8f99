// The TypeScript parser: acorn with @sveltejs/acorn-typescript, and corrections for syntax that the plugin does not
// accept. The corrections use internals of the plugin, so its version is pinned and each correction has a regression
// test.

import { tsPlugin } from '@sveltejs/acorn-typescript';
import { type Node, Parser, type Position, type Program, type Property, tokTypes } from 'acorn';
import { isStackOverflow } from '../nesting-depth.ts';

/** The result of an attempt, which is undone if it fails. */
interface Attempt<T> {
  readonly node: T | null;
  readonly error: SyntaxError | null;
}

declare module 'acorn' {
  // Methods of the parser that are overridden or called below. acorn's own types lack them.
  interface Parser {
    readonly type: TokenType;
    readonly start: number;
    readonly tsParseConstModifier: (node: Node) => void;
    readonly lastTokStart: number;
    readonly lastTokEnd: number;
    readonly pos: number;
    raise(offset: number, message: string): never;
    raiseRecoverable(offset: number, message: string): void;
    isContextual(name: string): boolean;
    isAbstractClass(): boolean;
    isAsyncProp(property: Property): boolean;
    parseClassId(node: Node, isStatement: boolean | 'nullableID'): void;
    parseExportDefaultDeclaration(): Node;
    parseStatement(context?: string | null, isTopLevel?: boolean, exports?: object): Node;
    parseConditional(test: Node, start: number, loc: Position, forInit?: unknown, errors?: unknown): Node;
    shouldParseArrow(list: Node[]): boolean;
    shouldParseAsyncArrow(): boolean | undefined;
    tryParse<T>(attempt: () => T): Attempt<T>;
    tsParseTypeParameters(parseModifiers?: (node: Node) => void): Node;
    toAssignable(node: Node, isBinding?: boolean, errors?: unknown, keepWrapper?: boolean): Node;
  }
}

/** Whether the stack ended. Inside an attempt, the plugin cannot undo it or throws an error with its own message. */
function isStackEnd(error: unknown): boolean {
  return isStackOverflow(error) || (error instanceof Error && STACK_END.test(error.message));
}

const STACK_END = /^(?:Not enough stack space|Parse effect scopes must be closed)/;

/**
 * The maximum nesting of statements (an `if` with a block counts as two). It is far below the end of the stack,
 * because V8 aborts the process when it compiles a regular expression near that end ("RegExpCompiler Allocation
 * failed").
 */
const MOST_NESTED = 1000;

/** The stack ended at this offset of the source, or would end. */
export class ParserStackError extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super('the source is nested too deeply');
    this.offset = offset;
  }
}

function withCures(Base: typeof Parser): typeof Parser {
  return class extends Base {
    /** The offsets at which a `:` behind parentheses was read as the return type of an arrow function. */
    #arrowColons: number[] = [];
    /** The offsets at which it must not be read so. */
    #refusedColons: ReadonlySet<number> = new Set();
    /** Whether the next class may lack a name. */
    #mayBeNameless = false;

    /**
     * `ok ? (v) : w => w`: the `:` belongs to the condition if the arrow function would leave the condition without
     * one.
     */
    override parseConditional(
      test: Node,
      start: number,
      loc: Position,
      forInit?: unknown,
      errors?: unknown,
    ): Node {
      if (this.type !== tokTypes.question) return test;
      const before = this.#arrowColons.length;
      const parse = (): Node => super.parseConditional(test, start, loc, forInit, errors);
      const first = this.tryParse(parse);
      if (first.node !== null) return first.node;
      const colons = this.#arrowColons.slice(before);
      return (
        this.#parseRefusing(colons.slice(0, 1), parse) ??
        this.#parseRefusing(colons, parse) ??
        fail(first.error)
      );
    }

    #parseRefusing(colons: readonly number[], parse: () => Node): Node | null {
      if (colons.length === 0) return null;
      const outer = this.#refusedColons;
      this.#refusedColons = new Set([...outer, ...colons]);
      const attempt = this.tryParse(parse);
      this.#refusedColons = outer;
      return attempt.node;
    }

    override shouldParseArrow(list: Node[]): boolean {
      return this.#unlessRefused(() => super.shouldParseArrow(list)) ?? false;
    }

    override shouldParseAsyncArrow(): boolean | undefined {
      return this.#unlessRefused(() => super.shouldParseAsyncArrow());
    }

    #unlessRefused(decide: () => boolean | undefined): boolean | undefined {
      if (this.type !== tokTypes.colon) return decide();
      const colon = this.start;
      if (this.#refusedColons.has(colon)) return false;
      const isArrow = decide();
      if (isArrow) this.#arrowColons.push(colon);
      return isArrow;
    }

    /** `<const T>` in the signatures of method and function types. */
    override tsParseTypeParameters(parseModifiers?: (node: Node) => void): Node {
      return super.tsParseTypeParameters(parseModifiers ?? this.tsParseConstModifier);
    }

    /**
     * `[a as T] = b`: the tree must keep the wrapper of `as T`, so that it is erased.
     * `for (a as T of b)`: the head of a loop is an assignment target, too, and no list of parameters.
     */
    override toAssignable(node: Node, isBinding?: boolean, errors?: unknown): Node {
      return super.toAssignable(node, isBinding === true || this.#isInLoopHead(), errors, true);
    }

    #isInLoopHead(): boolean {
      if (this.type === tokTypes._in) return true;
      // The body of an arrow function may begin with the identifier `of`.
      return this.isContextual('of') && this.input.slice(this.lastTokStart, this.lastTokEnd) !== '=>';
    }

    /** `{ async type() {} }`: the plugin has tokens of its own for the words of TypeScript, which are names here. */
    override isAsyncProp(property: Property): boolean {
      if (super.isAsyncProp(property)) return true;
      const { computed, key } = property;
      if (computed || key.type !== 'Identifier' || key.name !== 'async') return false;
      const between = this.input.slice(this.lastTokEnd, this.start);
      return /[a-z]/.test(this.input.charAt(this.start)) && !/[\n\r\u2028\u2029]/.test(between);
    }

    /** `export default abstract class {}` needs no name. */
    override parseExportDefaultDeclaration(): Node {
      this.#mayBeNameless = this.isAbstractClass();
      return super.parseExportDefaultDeclaration();
    }

    override parseClassId(node: Node, isStatement: boolean | 'nullableID'): void {
      const mayBeNameless = this.#mayBeNameless;
      this.#mayBeNameless = false;
      super.parseClassId(node, mayBeNameless ? 'nullableID' : isStatement);
    }
  };
}

/** Errors carry only their offset. */
function withOffsets(Base: typeof Parser): typeof Parser {
  return class extends Base {
    /** acorn counts the lines up to each error. Attempts fail by the thousand, so this would take quadratic time. */
    override raise(offset: number, message: string): never {
      throw Object.assign(new SyntaxError(message), { pos: offset, raisedAt: this.pos });
    }

    override raiseRecoverable(offset: number, message: string): never {
      this.raise(offset, message);
    }

    #nested = 0;

    override parseStatement(context?: string | null, isTopLevel?: boolean, exports?: object): Node {
      if (this.#nested === MOST_NESTED) throw new ParserStackError(this.start);
      this.#nested++;
      try {
        return super.parseStatement(context, isTopLevel, exports);
      } finally {
        this.#nested--;
      }
    }

    /** Only the parser knows the offset at which the stack ended. */
    override parse(): Program {
      try {
        return super.parse();
      } catch (error) {
        throw isStackEnd(error) ? new ParserStackError(this.start) : error;
      }
    }
  };
}

function fail(error: SyntaxError | null): never {
  throw error ?? new SyntaxError('Unexpected token');
}

/** Parses TypeScript. The trees contain the plugin's TS… nodes, and nodes for parentheses. */
export const TypeScriptParser: typeof Parser = Parser.extend(tsPlugin(), withCures, withOffsets);
