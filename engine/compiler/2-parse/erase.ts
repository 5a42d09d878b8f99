// Type erasure: all TypeScript-only syntax becomes blanks, so that JavaScript with the same lines and columns is left.
// The rules are those of erasable syntax in Node and in ts-blank-space.

import { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { Blanks } from './blanks.ts';
import { eraseClass, eraseMember } from './erase-class.ts';
import { eraseFunction } from './erase-function.ts';
import { eraseExport, eraseImport } from './erase-module.ts';
import { htmlComment, regroupingCast } from './misread.ts';
import { erasureRefusal } from './not-erasable.ts';
import { addNodes, isNode, nodeAt, type SyntaxNode } from './syntax-nodes.ts';
import { afterTrivia, hasLineBreak, wordAt } from './trivia.ts';

/** Erases the TypeScript of one node. Returns true if the whole node is blanked. */
type Eraser = (node: SyntaxNode, blanks: Blanks) => boolean;

/** Members of any node that contain only types. */
const TYPE_KEYS: ReadonlySet<string> = new Set([
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'superTypeParameters',
  'returnType',
  'implements',
]);

const ERASERS: Readonly<Record<string, Eraser>> = {
  ClassDeclaration: orDeclared(eraseClass),
  ClassExpression: eraseClass,
  MethodDefinition: eraseMember,
  PropertyDefinition: eraseMember,
  TSIndexSignature: eraseMember,
  ArrowFunctionExpression: eraseFunction,
  FunctionDeclaration: eraseFunction,
  FunctionExpression: eraseFunction,
  ImportDeclaration: eraseImport,
  ExportNamedDeclaration: eraseExport,
  ExportAllDeclaration: eraseExport,
  ExportDefaultDeclaration: eraseExport,
  VariableDeclaration: orDeclared(() => false),
  VariableDeclarator: eraseDefinite,
  TSAsExpression: eraseCast,
  TSSatisfiesExpression: eraseCast,
  TSNonNullExpression: eraseNonNull,
  TSInstantiationExpression: () => false,
  TSInterfaceDeclaration: eraseDeclaration,
  TSTypeAliasDeclaration: eraseDeclaration,
  TSDeclareFunction: eraseDeclaration,
  TSEnumDeclaration: eraseDeclaration,
  TSModuleDeclaration: eraseDeclaration,
  TSImportEqualsDeclaration: eraseDeclaration,
  TSNamespaceExportDeclaration: eraseDeclaration,
};

/**
 * The source with its types blanked.
 * @throws Problem for syntax that cannot be erased
 */
export function erase(program: SyntaxNode, source: string, file: string): string {
  const blanks = new Blanks(source);
  const open: SyntaxNode[] = [program];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    refuse(node, source, file);
    const eraser = ERASERS[node.type];
    if (eraser === undefined && node.type.startsWith('TS')) throw misplacedType(node, source, file);
    if (eraser?.(node, blanks) === true) continue;
    for (const key in node) {
      if (!TYPE_KEYS.has(key)) addNodes(node[key], open);
      else if (!CASTS.has(node.type)) eraseType(node[key], blanks);
    }
  }
  return blanks.text();
}

function refuse(node: SyntaxNode, source: string, file: string): void {
  const place = (offset: number) => ({ file, ...new Lines(source).at(offset) });
  const cast = regroupingCast(node);
  if (cast !== undefined) throw new Problem('cast-regroups', place(cast.start));
  const comment = htmlComment(node, source);
  if (comment !== undefined) throw new Problem('html-comment-in-code', place(comment));
  const refusal = erasureRefusal(node, source);
  if (refusal === undefined) return;
  const params = { what: refusal.what, instead: refusal.instead };
  throw new Problem('not-erasable', { params, ...place(node.start) });
}

/** The parser accepts `f(a: number)` while it may be the head of an arrow function, and keeps it if no `=>` follows. */
function misplacedType(node: SyntaxNode, source: string, file: string): Problem {
  const place = new Lines(source).at(nodeAt(node, 'typeAnnotation')?.start ?? node.start);
  return new Problem('syntax', { params: { problem: 'a type cannot stand here' }, file, ...place });
}

/** Types that are blanked together with the keyword before them. */
const CASTS: ReadonlySet<string> = new Set(['TSAsExpression', 'TSSatisfiesExpression']);

function eraseType(type: unknown, blanks: Blanks): void {
  if (isNode(type)) blanks.blank(type.start, type.end);
}

function eraseDeclaration(node: SyntaxNode, blanks: Blanks): boolean {
  blanks.blankDeclaration(node);
  return true;
}

function orDeclared(eraser: Eraser): Eraser {
  return (node, blanks) => (node.declare === true ? eraseDeclaration(node, blanks) : eraser(node, blanks));
}

/** `x as T`. Before `(`, `[` or a template on the next line it ended the statement, so a `;` takes its place. */
function eraseCast(node: SyntaxNode, blanks: Blanks): boolean {
  const { source } = blanks;
  const from = nodeAt(node, 'expression')?.end ?? node.start;
  blanks.blank(from, node.end);
  const next = afterTrivia(source, node.end);
  if ('([`'.includes(source.charAt(next) || ' ') && hasLineBreak(source, node.end, next)) {
    blanks.put(afterTrivia(source, from), ';');
  }
  return false;
}

/** `x!` */
function eraseNonNull(node: SyntaxNode, blanks: Blanks): boolean {
  blanks.blank(node.end - 1, node.end);
  return false;
}

/** `let x!: T` */
function eraseDefinite(node: SyntaxNode, blanks: Blanks): boolean {
  if (node.definite !== true) return false;
  const mark = afterTrivia(blanks.source, node.start + wordAt(blanks.source, node.start).length);
  blanks.blank(mark, mark + 1);
  return false;
}
