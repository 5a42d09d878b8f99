// Erases the TypeScript of classes that is not in type nodes: `abstract`, `implements`, modifiers, and members that are
// declarations only.

import type { Blanks } from './blanks.ts';
import { identifierName, nodeAt, nodesAt, type SyntaxNode } from './syntax-nodes.ts';
import { afterTrivia, wordAt } from './trivia.ts';

const MODIFIERS: ReadonlySet<string> = new Set(['public', 'private', 'protected', 'readonly', 'override']);

/** Names of fields that would be read as modifiers of the next member once their type is erased. */
const MODIFIER_NAMES: ReadonlySet<string> = new Set(['get', 'set', 'static', 'async', 'accessor']);

/** Erases the keywords of a class; the class itself remains. */
export function eraseClass(node: SyntaxNode, blanks: Blanks): boolean {
  if (node.abstract === true) blanks.blank(node.start, node.start + 'abstract'.length);
  eraseImplements(node, blanks);
  return false;
}

function eraseImplements(node: SyntaxNode, blanks: Blanks): void {
  const last = nodesAt(node, 'implements').at(-1);
  if (last === undefined) return;
  const heads = ['superTypeParameters', 'superClass', 'typeParameters', 'id'];
  const head = heads.map((key) => nodeAt(node, key)).find((found) => found !== undefined);
  blanks.blank(afterTrivia(blanks.source, head?.end ?? keywordEnd(node, blanks.source)), last.end);
}

/** The offset behind `class`, before which only `abstract` may stand. */
function keywordEnd(node: SyntaxNode, source: string): number {
  const start = node.abstract === true ? afterTrivia(source, node.start + 'abstract'.length) : node.start;
  return start + 'class'.length;
}

/** Erases the keywords of a member. Returns true if the member is a declaration only and is blanked as a whole. */
export function eraseMember(member: SyntaxNode, blanks: Blanks): boolean {
  const isSignature =
    member.type === 'TSIndexSignature' || nodeAt(member, 'value')?.type === 'TSDeclareMethod';
  if (isSignature || member.abstract === true || member.declare === true) {
    blanks.blankDeclaration(member);
    return true;
  }
  eraseMemberMarks(member, blanks);
  return false;
}

function eraseMemberMarks(member: SyntaxNode, blanks: Blanks): void {
  const key = nodeAt(member, 'key');
  if (key === undefined) return;
  eraseModifiers(member, key, blanks);
  const { source } = blanks;
  const closing = member.computed === true ? afterTrivia(source, key.end) + 1 : key.end;
  const mark = afterTrivia(source, closing);
  const isMarked = member.optional === true || member.definite === true;
  if (isMarked && '?!'.includes(source.charAt(mark))) blanks.blank(mark, mark + 1);
  const type = nodeAt(member, 'typeAnnotation');
  const name = member.computed === true ? undefined : identifierName(key);
  if (type !== undefined && nodeAt(member, 'value') === undefined && MODIFIER_NAMES.has(name ?? '')) {
    blanks.put(type.start, ';');
  }
}

/**
 * Blanks modifiers such as `public` and `readonly` before the name. If a modifier kept the member apart from a field
 * without a semicolon before it (`a = 1` and then `public ['b']`), a `;` takes its place.
 */
function eraseModifiers(member: SyntaxNode, key: SyntaxNode, blanks: Blanks): void {
  const { source } = blanks;
  let offset = member.start;
  let first: number | undefined;
  while (offset < key.start) {
    const word = wordAt(source, offset);
    if (word === '') break;
    if (!MODIFIERS.has(word)) {
      first = undefined;
    } else {
      if (offset === member.start) first = offset;
      blanks.blank(offset, offset + word.length);
    }
    offset = afterTrivia(source, offset + word.length);
    if (first !== undefined && runsOn(source, offset)) blanks.put(first, ';');
  }
}

function runsOn(source: string, offset: number): boolean {
  const word = wordAt(source, offset);
  return word === 'in' || word === 'instanceof' || (word === '' && '[*'.includes(source.charAt(offset)));
}
