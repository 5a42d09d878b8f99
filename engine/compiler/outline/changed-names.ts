// Tells whether the list or object that a name stands for may change after its declaration: `errors.push(…)`, `state.done = true`, a
// call of code that is not known. Other names that the value is given are followed, in one source. Where it is not clear, it changes.

import type { AnyNode, CallExpression, NewExpression, Pattern } from 'acorn';
import { type FunctionNode, isFunction } from '../3-analyse/flow/output-nodes.ts';
import type { SurveyedNode } from '../3-analyse/survey.ts';
import type { DeclaredName } from '../scopes.ts';

/** The part of a source that changes are looked for in. */
export interface ChangeableSource {
  readonly nodes: readonly SurveyedNode[];
  readonly declared: ReadonlyMap<number, DeclaredName>;
  /** The function of the source that an expression names. */
  readonly functionNamed: (node: AnyNode) => FunctionNode | undefined;
}

/** Lists in lists are followed so deep. */
const MOST_LEVELS = 12;

/** The names of one source. Levels count the lists and objects in a value: 1 for a list of texts, 0 for a text. */
export class ChangedNames {
  readonly #source: ChangeableSource;
  readonly #known = new Map<string, boolean>();
  #uses: ReadonlyMap<number, readonly SurveyedNode[]> | undefined;

  constructor(source: ChangeableSource) {
    this.#source = source;
  }

  /** Whether a value of so many levels may change. @param at the offset of the name in its declaration */
  has(at: number, levels: number): boolean {
    if (levels === 0) return false;
    const key = `${at} ${levels}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const has = new FollowedValue(this.#source, this.#usesByName()).isChangedAs(at, levels);
    this.#known.set(key, has);
    return has;
  }

  /** Whether code that may run several times changes a value by its own name: `seen.add(…)`, `state.isOpen = true`. */
  hasInLoop(at: number): boolean {
    return (this.#usesByName().get(at) ?? []).some((use) => isChangedMember(use) && isInLoop(use));
  }

  #usesByName(): ReadonlyMap<number, readonly SurveyedNode[]> {
    this.#uses ??= usesByName(this.#source);
    return this.#uses;
  }
}

function usesByName({ nodes, declared }: ChangeableSource): Map<number, SurveyedNode[]> {
  const uses = new Map<number, SurveyedNode[]>();
  for (const placed of nodes) {
    const name = placed.node.type === 'Identifier' ? declared.get(placed.node.start) : undefined;
    if (name === undefined) continue;
    const known = uses.get(name.at);
    if (known === undefined) uses.set(name.at, [placed]);
    else known.push(placed);
  }
  return uses;
}

/** One value on its way through a source. */
class FollowedValue {
  readonly #source: ChangeableSource;
  readonly #uses: ReadonlyMap<number, readonly SurveyedNode[]>;
  readonly #seen = new Set<string>();

  constructor(source: ChangeableSource, uses: ReadonlyMap<number, readonly SurveyedNode[]>) {
    this.#source = source;
    this.#uses = uses;
  }

  /** Whether the value may change through a name that has it. */
  isChangedAs(at: number, levels: number): boolean {
    const key = `${at} ${levels}`;
    if (levels === 0 || this.#seen.has(key)) return false;
    this.#seen.add(key);
    return (this.#uses.get(at) ?? []).some((use) => this.#isChangedAt(use, levels));
  }

  /** Whether the value of a node may change through the node around it. */
  #isChangedAt(value: SurveyedNode, levels: number): boolean {
    const { node, parent } = value;
    if (levels <= 0 || parent === undefined) return false;
    const around = parent.node;
    if (HARMLESS.has(around.type)) return false;
    switch (around.type) {
      case 'VariableDeclarator':
        return around.init === node && this.#isChangedIn(around.id, levels);
      case 'AssignmentExpression':
        return around.right === node && this.#isChangedIn(around.left, levels);
      case 'AssignmentPattern':
        return around.right === node && this.#isChangedIn(around.left, levels);
      case 'ForOfStatement':
        return around.right === node && this.#isChangedIn(loopPattern(around.left), levels - 1);
      case 'MemberExpression':
        return around.object === node && this.#isChangedAsObject(parent, levels);
      case 'Property':
        if (parent.parent?.node.type === 'ObjectPattern' || (around.key === node && !around.shorthand))
          return false;
        return this.#isChangedAt(parent, levels);
      case 'ConditionalExpression':
        return around.test !== node && this.#isChangedAt(parent, levels);
      case 'SpreadElement':
        return this.#isChangedAt(parent, levels - 1);
      case 'ArrayExpression':
      case 'ObjectExpression':
        return this.#isChangedAt(parent, Math.min(levels + 1, Math.max(levels, MOST_LEVELS)));
      case 'LogicalExpression':
      case 'AwaitExpression':
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        return this.#isChangedAt(parent, levels);
      case 'ArrowFunctionExpression':
        return around.body === node;
      case 'CallExpression':
      case 'NewExpression':
        return around.callee !== node && this.#isChangedByCall(parent, around, node, levels);
      default:
        return true;
    }
  }

  /** Whether a value may change through the names of a pattern that it is given to. */
  #isChangedIn(pattern: AnyNode, levels: number): boolean {
    if (levels <= 0) return false;
    switch (pattern.type) {
      case 'Identifier':
        return this.isChangedAs(this.#source.declared.get(pattern.start)?.at ?? pattern.start, levels);
      case 'ObjectPattern':
        return pattern.properties.some((property) =>
          property.type === 'RestElement'
            ? this.#isChangedIn(property.argument, levels)
            : this.#isChangedIn(property.value, levels - 1),
        );
      case 'ArrayPattern':
        return pattern.elements.some(
          (element) => element !== null && this.#isChangedIn(element, levels - Number(!isRest(element))),
        );
      case 'AssignmentPattern':
        return this.#isChangedIn(pattern.left, levels);
      case 'RestElement':
        return this.#isChangedIn(pattern.argument, levels);
      default:
        return true;
    }
  }

  /** Whether the object of `object.name` may change, or its member. */
  #isChangedAsObject(member: SurveyedNode, levels: number): boolean {
    const { node, parent } = member;
    if (node.type !== 'MemberExpression' || isAssigned(member)) return true;
    const around = parent?.node;
    if (parent === undefined || around?.type !== 'CallExpression' || around.callee !== node)
      return this.#isChangedAt(member, levels - 1);
    const name = !node.computed && node.property.type === 'Identifier' ? node.property.name : '';
    if (!READING_METHODS.has(name)) return true;
    if (around.arguments.some((argument) => this.#isChangedByCallback(argument, levels - 1))) return true;
    return !TELLING_METHODS.has(name) && levels > 1 && this.#isChangedAt(parent, levels);
  }

  /** Whether an item may change in a function that is given to a method of its list. */
  #isChangedByCallback(callback: AnyNode, levels: number): boolean {
    if (levels === 0) return false;
    const called = isFunction(callback) ? callback : this.#source.functionNamed(callback);
    if (called !== undefined) return called.params.some((param) => this.#isChangedIn(param, levels));
    return callback.type === 'Identifier' && this.#source.declared.has(callback.start);
  }

  /** Whether an argument of a call may change. */
  #isChangedByCall(
    placed: SurveyedNode,
    call: CallExpression | NewExpression,
    argument: AnyNode,
    levels: number,
  ): boolean {
    const { callee } = call;
    const called = this.#source.functionNamed(callee);
    if (called !== undefined) {
      const index = call.arguments.findIndex(({ start }) => start === argument.start);
      const params = called.params.filter((param, at) => at === index || isRest(param));
      const isSpread = call.arguments.some(({ type }) => type === 'SpreadElement');
      return (isSpread ? called.params : params).some((param: Pattern) => this.#isChangedIn(param, levels));
    }
    // Functions of the page's own names and of JavaScript change no argument.
    if (callee.type === 'Identifier') return this.#source.declared.has(callee.start);
    if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return true;
    const { object, property } = callee;
    const isGlobal = object.type === 'Identifier' && !this.#source.declared.has(object.start);
    if (isGlobal && object.name === 'Object')
      return call.arguments[0] === argument && CHANGING_FUNCTIONS.has(property.name)
        ? true
        : property.name !== 'keys' && levels > 1 && this.#isChangedAt(placed, levels);
    if (isGlobal && READING_OBJECTS.has(object.name)) return false;
    if (isGlobal && object.name === 'Array') return levels > 1 && this.#isChangedAt(placed, levels);
    if (TELLING_METHODS.has(property.name)) return false;
    return property.name === 'concat' ? levels > 1 && this.#isChangedAt(placed, levels) : true;
  }
}

function loopPattern(left: AnyNode): AnyNode {
  return left.type === 'VariableDeclaration' ? (left.declarations[0]?.id ?? left) : left;
}

function isRest({ type }: AnyNode): boolean {
  return type === 'RestElement';
}

/** Whether a member is given a value, or deleted. */
function isAssigned({ node, parent }: SurveyedNode): boolean {
  const around = parent?.node;
  switch (around?.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForOfStatement':
    case 'ForInStatement':
      return around.left === node;
    case 'UnaryExpression':
      return around.operator === 'delete';
    case 'ChainExpression':
      return parent !== undefined && isAssigned(parent);
    case 'Property':
      return parent?.parent?.node.type === 'ObjectPattern' && around.value === node;
    case 'UpdateExpression':
    case 'ArrayPattern':
    case 'RestElement':
      return true;
    default:
      return false;
  }
}

/** Whether a use of a name changes its value: by a member, or by a method that does nothing else. */
function isChangedMember({ node, parent }: SurveyedNode): boolean {
  const member = parent?.node;
  if (parent === undefined || member?.type !== 'MemberExpression' || member.object !== node) return false;
  if (isAssigned(parent)) return true;
  const call = parent.parent?.node;
  const name = member.property.type === 'Identifier' ? member.property.name : '';
  return call?.type === 'CallExpression' && call.callee === member && CHANGING_METHODS.has(name);
}

function isInLoop(use: SurveyedNode): boolean {
  for (let at = use.parent; at !== undefined; at = at.parent)
    if (isFunction(at.node) || LOOPS.has(at.node.type)) return true;
  return false;
}

const LOOPS: ReadonlySet<AnyNode['type']> = new Set<AnyNode['type']>([
  'DoWhileStatement',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
  'WhileStatement',
]);

/** Methods that change a list, a set or a map. */
const CHANGING_METHODS: ReadonlySet<string> = new Set([
  'add',
  'clear',
  'delete',
  'pop',
  'push',
  'set',
  'shift',
  'splice',
  'unshift',
]);

/** Nodes that read a value and do not pass it on, or that declare a name. */
const HARMLESS: ReadonlySet<AnyNode['type']> = new Set<AnyNode['type']>([
  'ArrayPattern',
  'BinaryExpression',
  'DoWhileStatement',
  'ExportDefaultDeclaration',
  'ExportSpecifier',
  'ExpressionStatement',
  'ForInStatement',
  'ForStatement',
  'FunctionDeclaration',
  'FunctionExpression',
  'IfStatement',
  'ImportDefaultSpecifier',
  'ImportNamespaceSpecifier',
  'ImportSpecifier',
  'RestElement',
  'SwitchCase',
  'SwitchStatement',
  'TemplateLiteral',
  'UnaryExpression',
  'UpdateExpression',
  'WhileStatement',
]);

/** Methods that tell something of a list and give none of its items. */
const TELLING_METHODS: ReadonlySet<string> = new Set([
  'every',
  'findIndex',
  'findLastIndex',
  'forEach',
  'has',
  'hasOwnProperty',
  'includes',
  'indexOf',
  'join',
  'keys',
  'lastIndexOf',
  'some',
  'toLocaleString',
  'toString',
]);

/** Methods that change no list. */
const READING_METHODS: ReadonlySet<string> = new Set([
  ...TELLING_METHODS,
  'at',
  'concat',
  'entries',
  'filter',
  'find',
  'findLast',
  'flat',
  'flatMap',
  'map',
  'reduce',
  'reduceRight',
  'slice',
  'toReversed',
  'toSorted',
  'toSpliced',
  'values',
  'with',
]);

/** The functions of `Object` that change their first argument. */
const CHANGING_FUNCTIONS: ReadonlySet<string> = new Set([
  'assign',
  'defineProperties',
  'defineProperty',
  'setPrototypeOf',
]);

/** Objects of JavaScript whose functions change no argument. */
const READING_OBJECTS: ReadonlySet<string> = new Set([
  'JSON',
  'Math',
  'Number',
  'Promise',
  'String',
  'console',
]);
