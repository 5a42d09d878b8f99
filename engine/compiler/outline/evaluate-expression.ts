// Evaluates expressions of a page as far as the source spells their values out: literals, constants, loops over literal lists, data
// of Include, constants of imported modules. Everything else may be anything.

import type { AnyNode, CallExpression, Expression, MemberExpression, ObjectExpression } from 'acorn';
import { type FunctionNode, isFunction } from '../3-analyse/flow/output-nodes.ts';
import type { DeclaredName } from '../scopes.ts';
import { bindPattern } from './bind-pattern.ts';
import { type RepeatedNode, type Round, withRound } from './branch-keys.ts';
import { type KnownMethod, knownMethod } from './known-methods.ts';
import { calledFunction, type OutlinedSource } from './outlined-source.ts';
import {
  concatenated,
  eitherOf,
  HOLE,
  knownList,
  levelsOf,
  listOf,
  memberOf,
  objectOf,
  type Possible,
  primitive,
  textsOf,
} from './possible-value.ts';
import {
  encodedTexts,
  literalValue,
  logicalValue,
  negated,
  operatedValue,
  partsOf,
  textsAsValue,
  truthOf,
} from './value-operators.ts';

/** The surroundings of an evaluation. */
export interface Frame {
  readonly source: OutlinedSource;
  readonly args: Possible;
  /** The values of parameters and loop variables, by the offset of their declaration. */
  readonly values: ReadonlyMap<number, Possible>;
  /** The rounds of loops and the calls that it is in, the innermost last. */
  readonly rounds: readonly Round[];
  /** The value of an exported constant of a module that a file imports. */
  readonly imported: (specifier: string, name: string, from: string) => Possible;
  /** The evaluations that are left; beyond them every value is unknown. */
  readonly budget: { left: number };
}

/** The evaluations of one file, so that no source makes `karrigell check` endless. */
const MOST_EVALUATIONS = 20_000;

/** The frame of a file by itself: nothing is known of its ARGS. */
export function frameOf(source: OutlinedSource, imported: Frame['imported']): Frame {
  return {
    source,
    args: undefined,
    values: new Map(),
    rounds: [],
    imported,
    budget: { left: MOST_EVALUATIONS },
  };
}

/** The frame with more values. */
export function frameWith(frame: Frame, values: Iterable<readonly [number, Possible]>): Frame {
  return { ...frame, values: new Map([...frame.values, ...values]) };
}

/** The frame of one round of a loop, or of one call. */
export function frameInRound(
  frame: Frame,
  loop: RepeatedNode,
  name: string | number,
  values: Iterable<readonly [number, Possible]>,
  counter?: number,
): Frame {
  return { ...frameWith(frame, values), rounds: withRound(frame.rounds, loop, name, counter) };
}

/** The values that an expression may have. */
export function evaluate(node: AnyNode, frame: Frame): Possible {
  if (frame.budget.left-- <= 0) return undefined;
  switch (node.type) {
    case 'Literal':
      return literalValue(node.value, { file: frame.source.file, offset: node.start });
    case 'TemplateLiteral':
      return textsAsValue(templateTexts(node.quasis, node.expressions, frame));
    case 'Identifier':
      return nameValue(node.name, node.start, frame);
    case 'MemberExpression':
      return memberValue(node, frame);
    case 'ObjectExpression':
      return objectValue(node, frame);
    case 'ArrayExpression':
      return listValue(node.elements, frame);
    case 'BinaryExpression':
      return operatedValue(node.operator, evaluate(node.left, frame), evaluate(node.right, frame));
    case 'LogicalExpression':
      return logicalValue(node.operator, evaluate(node.left, frame), () => evaluate(node.right, frame));
    case 'ConditionalExpression':
      return conditionalValue(node.test, node.consequent, node.alternate, frame);
    case 'CallExpression':
      return callValue(node, frame);
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return evaluate(node.expression, frame);
    case 'AwaitExpression':
      return evaluate(node.argument, frame);
    case 'UnaryExpression':
      return node.operator === '!' ? negated(evaluate(node.argument, frame)) : undefined;
    default:
      return undefined;
  }
}

/** The texts of a template literal. */
function templateTexts(
  quasis: readonly { readonly value: { readonly cooked?: string | null | undefined } }[],
  expressions: readonly Expression[],
  frame: Frame,
): readonly string[] {
  const parts = quasis.flatMap(({ value }, index) => {
    const expression = expressions[index];
    const text = [value.cooked ?? HOLE];
    return expression === undefined ? [text] : [text, textsOf(evaluate(expression, frame))];
  });
  return concatenated(parts);
}

function nameValue(name: string, start: number, frame: Frame): Possible {
  const declared = frame.source.declared.get(start);
  if (declared === undefined) {
    if (name === 'undefined') return primitive(undefined);
    return name === 'ARGS' ? frame.args : undefined;
  }
  if (declared.isReassigned) return undefined;
  const value = declaredValue(declared, frame);
  return frame.source.changed.has(declared.at, levelsOf(value)) ? undefined : value;
}

/** The value that a name is declared with. */
function declaredValue(declared: DeclaredName, frame: Frame): Possible {
  if (frame.values.has(declared.at)) return frame.values.get(declared.at);
  if (declared.kind === 'import') {
    const imported = frame.source.imports.get(declared.node);
    return imported && frame.imported(imported.specifier, imported.name, frame.source.file);
  }
  const declarator = declared.kind === 'variable' ? frame.source.declarators.get(declared.node) : undefined;
  if (!declarator?.init) return undefined;
  const value = evaluate(declarator.init, frame);
  return new Map(bindPattern(declarator.id, value, (node) => evaluate(node, frame))).get(declared.at);
}

function memberValue({ object, property, computed }: MemberExpression, frame: Frame): Possible {
  if (object.type === 'Super' || property.type === 'PrivateIdentifier') return undefined;
  const of = evaluate(object, frame);
  if (!computed) {
    const name = property.type === 'Identifier' ? property.name : '';
    const list = name === 'length' ? knownList(of) : undefined;
    if (list === undefined) return memberOf(of, name);
    return list.isOpen ? undefined : primitive(list.items.length);
  }
  const names = evaluate(property, frame);
  if (of === undefined || names === undefined) return undefined;
  return eitherOf(
    names.map((name) => (name.kind === 'primitive' ? memberOf(of, String(name.value)) : undefined)),
  );
}

function objectValue({ properties }: ObjectExpression, frame: Frame): Possible {
  const members = new Map<string, Possible>();
  let isOpen = false;
  for (const property of properties) {
    if (property.type === 'SpreadElement') {
      const spread = evaluate(property.argument, frame);
      const [only] = spread ?? [];
      if (spread?.length === 1 && only?.kind === 'object') {
        for (const [name, value] of only.members) members.set(name, value);
        isOpen ||= only.isOpen;
      } else {
        isOpen = true;
        for (const name of members.keys()) members.set(name, undefined);
      }
      continue;
    }
    const name = propertyName(property, frame);
    if (name === undefined) isOpen = true;
    else members.set(name, property.kind === 'init' ? evaluate(property.value, frame) : undefined);
  }
  return objectOf(members, isOpen);
}

function propertyName(
  { key, computed }: { readonly key: AnyNode; readonly computed: boolean },
  frame: Frame,
): string | undefined {
  if (!computed && key.type === 'Identifier') return key.name;
  const [only, ...others] = evaluate(key, frame) ?? [];
  return only?.kind === 'primitive' && others.length === 0 ? String(only.value) : undefined;
}

function listValue(elements: readonly (AnyNode | null)[], frame: Frame): Possible {
  const items: Possible[] = [];
  let isOpen = elements.length === 0;
  for (const element of elements) {
    if (element?.type === 'SpreadElement') {
      const spread = knownList(evaluate(element.argument, frame));
      if (spread === undefined) return undefined;
      isOpen ||= spread.isOpen;
      items.push(...spread.items);
    } else items.push(element === null ? primitive(undefined) : evaluate(element, frame));
  }
  return listOf(items, isOpen);
}

function conditionalValue(test: AnyNode, yes: AnyNode, no: AnyNode, frame: Frame): Possible {
  const truth = truthOf(evaluate(test, frame));
  if (truth !== undefined) return evaluate(truth ? yes : no, frame);
  return eitherOf([evaluate(yes, frame), evaluate(no, frame)]);
}

function callValue(call: CallExpression, frame: Frame): Possible {
  const method = knownMethod(call);
  if (method !== undefined) return methodValue(method, call, frame);
  const called = calledFunction(call, frame.source);
  const result = called && resultExpression(called.body);
  if (called === undefined || result === undefined) return undefined;
  return evaluate(result, calledFrame(called, call, frame));
}

/** The expression that a function returns, if it does nothing else. */
function resultExpression(body: AnyNode): AnyNode | undefined {
  if (body.type !== 'BlockStatement') return body;
  const [only] = body.body;
  return body.body.length === 1 && only?.type === 'ReturnStatement'
    ? (only.argument ?? undefined)
    : undefined;
}

/** The frame in which a function runs that is called so. */
export function calledFrame(called: FunctionNode, call: CallExpression, frame: Frame): Frame {
  const { params } = called;
  const { arguments: given } = call;
  const values = params.flatMap((param, index) => {
    const argument = given[index];
    const isSpread = given.some((each, at) => at <= index && each.type === 'SpreadElement');
    const value = isSpread
      ? undefined
      : argument === undefined
        ? primitive(undefined)
        : evaluate(argument, frame);
    return bindPattern(param, value, (node) => evaluate(node, frame));
  });
  return frameInRound(frame, called, call.start, values);
}

function methodValue({ name, object }: KnownMethod, call: CallExpression, frame: Frame): Possible {
  const [first] = call.arguments;
  if (name === 'String') return first && textsAsValue(textsOf(evaluate(first, frame)));
  if (name === 'encodeURIComponent') return first && encodedTexts(evaluate(first, frame));
  if (name === 'keys' || name === 'values' || name === 'entries')
    return first && partsOf(name, evaluate(first, frame));
  const list = object && knownList(evaluate(object, frame));
  if (list === undefined) return undefined;
  if (name !== 'map') return listOf(list.items, true);
  const result = first && isFunction(first) ? resultExpression(first.body) : undefined;
  if (result === undefined || first === undefined || !isFunction(first)) return undefined;
  const [param] = first.params;
  const mapped = list.items.map((item) => {
    const values = param === undefined ? [] : bindPattern(param, item, (node) => evaluate(node, frame));
    return evaluate(result, frameWith(frame, values));
  });
  return listOf(mapped, list.isOpen);
}
