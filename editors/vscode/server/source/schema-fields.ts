// The fields of the schema of a call of Form, with the places where the schema names them. TypeScript follows a schema through
// modules and through the types of its library.

import * as ts from 'typescript';

/** A field of a schema. */
export interface SchemaField {
  readonly name: string;
  /** Where the schema names it, in the files of the program; none if that is not known. */
  readonly declared: readonly { readonly fileName: string; readonly start: number; readonly end: number }[];
}

/**
 * The fields; undefined if the schema may have any.
 * @param start the offset of the call in the module of the page
 */
export function schemaFields(
  program: ts.Program,
  fileName: string,
  start: number,
): readonly SchemaField[] | undefined {
  const file = program.getSourceFile(fileName);
  const call = file && callAt(file, start);
  const [schema] = call?.arguments ?? [];
  if (schema === undefined) return undefined;
  const checker = program.getTypeChecker();
  const input = ['~standard', 'types', 'input'].reduce<ts.Type | undefined>(
    (type, name) => type && memberType(type, name, checker),
    checker.getTypeAtLocation(schema),
  );
  if (input === undefined || (input.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0)
    return undefined;
  const variants = input.isUnion() ? input.types : [input];
  if (variants.some((type) => checker.getIndexInfosOfType(type).length > 0)) return undefined;
  const properties = variants.flatMap((type) => checker.getPropertiesOfType(type));
  return properties.map((property) => ({
    name: property.name,
    declared: declarationsOf(property, checker).flatMap((node) => placeOf(node, property.name)),
  }));
}

/** The call that begins at an offset. */
export function callAt(file: ts.SourceFile, start: number): ts.CallExpression | undefined {
  const find = (node: ts.Node): ts.CallExpression | undefined => {
    if (node.end <= start || node.pos > start) return undefined;
    if (ts.isCallExpression(node) && node.getStart(file) === start) return node;
    return ts.forEachChild(node, find);
  };
  return find(file);
}

function memberType(type: ts.Type, name: string, checker: ts.TypeChecker): ts.Type | undefined {
  const member = checker.getPropertyOfType(checker.getNonNullableType(type), name);
  return member && checker.getNonNullableType(checker.getTypeOfSymbol(member));
}

/** The declarations of a property, through mapped types. */
function declarationsOf(symbol: ts.Symbol, checker: ts.TypeChecker): ts.Node[] {
  const roots = checker.getRootSymbols(symbol);
  const isRoot = roots.length === 1 && roots[0] === symbol;
  return isRoot ? [...(symbol.declarations ?? [])] : roots.flatMap((root) => declarationsOf(root, checker));
}

function placeOf(node: ts.Node, name: string): SchemaField['declared'] {
  const named = ts.getNameOfDeclaration(node as ts.Declaration);
  const file = node.getSourceFile();
  if (named === undefined || file.fileName.includes('/node_modules/')) return [];
  const start = named.getStart(file) + (ts.isStringLiteral(named) ? 1 : 0);
  return [{ fileName: file.fileName, start, end: start + name.length }];
}
