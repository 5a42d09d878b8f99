// The declarations in the code of a page, and the sections that it sets. The declarations that the compiler appends are not mapped
// to the page, so they are left out there.

import type { DocumentSymbol } from '@volar/language-server';
import { SymbolKind } from '@volar/language-server';
import * as ts from 'typescript';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** The symbols of a typed module. */
export function codeSymbols(document: TextDocument): DocumentSymbol[] {
  const file = ts.createSourceFile(document.uri, document.getText(), ts.ScriptTarget.Latest, true);
  const rangeOf = (node: ts.Node) => ({
    start: document.positionAt(node.getStart(file)),
    end: document.positionAt(node.getEnd()),
  });
  const symbolsIn = (node: ts.Node): DocumentSymbol[] => {
    const named = namedNode(node);
    const children =
      ts.isFunctionLike(node) && named === undefined ? [] : childrenOf(node).flatMap(symbolsIn);
    if (named === undefined) return children;
    const { kind, name, at } = named;
    return [{ name, kind, range: rangeOf(node), selectionRange: rangeOf(at), children }];
  };
  return childrenOf(file).flatMap(symbolsIn);
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

interface NamedNode {
  readonly name: string;
  readonly kind: SymbolKind;
  /** The node with the name. */
  readonly at: ts.Node;
}

function namedNode(node: ts.Node): NamedNode | undefined {
  if (ts.isCallExpression(node)) return sectionOf(node);
  const kind = kindOf(node);
  if (kind === undefined || !('name' in node)) return undefined;
  const at = node.name as ts.Node;
  return ts.isIdentifier(at) ? { name: at.text, kind, at } : undefined;
}

function kindOf(node: ts.Node): SymbolKind | undefined {
  if (ts.isFunctionDeclaration(node)) return SymbolKind.Function;
  if (ts.isClassDeclaration(node)) return SymbolKind.Class;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return SymbolKind.Interface;
  if (ts.isBindingElement(node)) return SymbolKind.Variable;
  if (!ts.isVariableDeclaration(node) || !ts.isVariableStatement(node.parent.parent)) return undefined;
  const { initializer } = node;
  const isFunction = initializer !== undefined && ts.isFunctionLike(initializer);
  if (isFunction) return SymbolKind.Function;
  return node.parent.flags & ts.NodeFlags.Const ? SymbolKind.Constant : SymbolKind.Variable;
}

/** `Section('side', () => { … })` */
function sectionOf({ expression, arguments: [first] }: ts.CallExpression): NamedNode | undefined {
  if (!ts.isIdentifier(expression) || expression.text !== 'Section') return undefined;
  if (first === undefined || !ts.isStringLiteralLike(first)) return undefined;
  return { name: `section ${first.text}`, kind: SymbolKind.Module, at: first };
}
