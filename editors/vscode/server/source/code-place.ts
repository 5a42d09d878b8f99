// The place of the cursor in the code of a page, as its typed module has it.

import * as ts from 'typescript';
import type { NameForm, NamePlace, PartPlace, Range, UrlPlace } from './offered-place';
import type { PageModule } from './page-program';

type CodePlace = UrlPlace | PartPlace | NamePlace;

/** The place at an offset of the module; undefined where nothing of the site belongs. */
export function codePlace(module: PageModule, offset: number): CodePlace | undefined {
  const node = nodeBefore(module.file, offset);
  if (node === module.file) return undefined;
  if (ts.isStringLiteralLike(node)) return inText(node, offset, module);
  if (ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
    return inTemplate(node, offset, module);
  if (ts.isIdentifier(node) && node.text.startsWith('_')) return variablePlace(node, module);
  return memberPlace(node, offset, module) ?? patternPlace(node, offset, module);
}

/** The last token that begins before an offset. */
function nodeBefore(file: ts.SourceFile, offset: number): ts.Node {
  let node: ts.Node = file;
  for (;;) {
    const child: ts.Node | undefined = node
      .getChildren(file)
      .findLast((each) => each.getStart(file) < offset && each.getWidth(file) > 0);
    if (child === undefined) return node;
    node = child;
  }
}

/** A text in quotes, whose end may be missing. */
function inText(literal: ts.StringLiteralLike, offset: number, module: PageModule): CodePlace | undefined {
  const start = literal.getStart(module.file) + 1;
  const isClosed = !('isUnterminated' in literal && literal.isUnterminated === true);
  const end = literal.getEnd() - (isClosed ? 1 : 0);
  if (offset < start || offset > end) return undefined;
  const { parent } = literal;
  const range = { start, end };
  if (ts.isCallExpression(parent) && parent.arguments[0] === literal) {
    const { text } = module.file;
    const pathEnd = offset + (/^[^?#]*/.exec(text.slice(offset, end))?.[0].length ?? 0);
    const path = { before: text.slice(start, offset), range: { start, end: pathEnd }, needsQuotes: false };
    return callPlace(parent, path, text[start - 1] === '`', module);
  }
  if (ts.isElementAccessExpression(parent) && parent.argumentExpression === literal)
    return recordPlace(parent.expression, { kind: 'text' }, range, module);
  return undefined;
}

const PARTS = { Include: 'Include', Layout: 'Layout', Render: 'Render' } as const;
const SECTIONS = { Section: 'section-set', SECTION: 'section-shown' } as const;

function callPlace(
  { expression }: ts.CallExpression,
  path: Pick<PartPlace, 'before' | 'range' | 'needsQuotes'>,
  isTemplate: boolean,
  module: PageModule,
): CodePlace | undefined {
  const { range } = path;
  if (ts.isPropertyAccessExpression(expression) && ATTRIBUTE_CALLS.has(expression.name.text))
    return recordPlace(expression.expression, { kind: 'text' }, range, module, ['attribute']);
  const name = pageName(expression, module);
  if (name === undefined) return undefined;
  if (name in PARTS) return { kind: 'part', call: PARTS[name as keyof typeof PARTS], ...path };
  if (name in SECTIONS) {
    const kind = SECTIONS[name as keyof typeof SECTIONS];
    return { kind, form: { kind: 'text' }, range, known: new Set() };
  }
  if (name !== 'redirect') return undefined;
  return { kind: 'url', element: name, onlyPages: true, code: isTemplate ? placeholder : undefined, ...path };
}

function placeholder(param: string): string {
  return `\${${param}}`;
}

/** A part of a template with expressions, which are holes of a path. */
function inTemplate(
  part: ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail,
  offset: number,
  module: PageModule,
): CodePlace | undefined {
  const template = ts.isTemplateHead(part) ? part.parent : part.parent.parent;
  const { file, page } = module;
  const start = part.getStart(file) + 1;
  const end = part.getEnd() - (ts.isTemplateTail(part) ? 1 : 2);
  if (!ts.isTemplateExpression(template) || offset < start || offset > end) return undefined;
  if (!ts.isCallExpression(template.parent) || template.parent.arguments[0] !== template) return undefined;
  const parts = [template.head, ...template.templateSpans.map(({ literal }) => literal)];
  const written = parts.slice(0, parts.indexOf(part)).map(({ text }) => text + page.engine.HOLE);
  const before = written.join('') + file.text.slice(start, offset);
  const place = callPlace(
    template.parent,
    { before, range: { start, end }, needsQuotes: false },
    true,
    module,
  );
  return place?.kind === 'url' ? place : undefined;
}

/** The members of a session that take the name of an attribute. */
const ATTRIBUTE_CALLS: ReadonlySet<string> = new Set(['get', 'has', 'set', 'flash']);

/** `_ema|` */
function variablePlace(node: ts.Identifier, { file, checker }: PageModule): NamePlace | undefined {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return undefined;
  if (!ts.isExpression(node) || (ts.isVariableDeclaration(parent) && parent.name === node)) return undefined;
  const known = checker.getSymbolsInScope(node, ts.SymbolFlags.Value).map(({ name }) => name);
  // The page itself may have just this name, because it is being typed.
  const others = known.filter((name) => name.startsWith('_') && name !== node.text);
  const range = { start: node.getStart(file), end: node.getEnd() };
  return { kind: 'field', form: { kind: 'variable' }, range, known: new Set(others) };
}

/** `QUERY.ema|`, `FILES.|`, `session.na|` */
function memberPlace(node: ts.Node, offset: number, module: PageModule): NamePlace | undefined {
  const { parent } = node;
  if (parent === undefined || !ts.isPropertyAccessExpression(parent)) return undefined;
  const dot = parent.name.getFullStart() - 1;
  const isName = node === parent.name;
  if (!isName && node.kind !== ts.SyntaxKind.DotToken) return undefined;
  const start = isName ? node.getStart(module.file) : offset;
  const end = isName ? node.getEnd() : offset;
  return recordPlace(parent.expression, { kind: 'member', dot }, { start, end }, module);
}

/** `const { ema| } = QUERY` */
function patternPlace(node: ts.Node, offset: number, module: PageModule): NamePlace | undefined {
  const element = ts.isBindingElement(node.parent) && node.parent.name === node ? node.parent : undefined;
  const pattern = [element?.parent, node.parent, node.parent?.parent].find(
    (each) => each !== undefined && ts.isObjectBindingPattern(each),
  );
  const declaration = pattern?.parent;
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  if (declaration.initializer === undefined || offset > declaration.name.getEnd() - 1) return undefined;
  const isOpen = element !== undefined || node.kind === ts.SyntaxKind.OpenBraceToken;
  if (!isOpen && node.kind !== ts.SyntaxKind.CommaToken) return undefined;
  const range =
    element === undefined
      ? { start: offset, end: offset }
      : { start: node.getStart(module.file), end: node.getEnd() };
  return recordPlace(declaration.initializer, { kind: 'pattern' }, range, module);
}

const RECORDS: ReadonlyMap<string, NamePlace['kind']> = new Map([
  ['QUERY', 'field'],
  ['FILES', 'upload'],
  ['PARAMS', 'param'],
]);

/** The place for a member of QUERY, FILES or a session; undefined for a member of anything else. */
function recordPlace(
  record: ts.Expression,
  form: NameForm,
  range: Range,
  module: PageModule,
  kinds: readonly NamePlace['kind'][] = ['field', 'upload', 'param', 'attribute'],
): NamePlace | undefined {
  const name = pageName(record, module);
  const kind =
    (name === undefined ? undefined : RECORDS.get(name)) ??
    (isSession(record, module) ? 'attribute' : undefined);
  if (kind === undefined || !kinds.includes(kind)) return undefined;
  const type = module.checker.getTypeAtLocation(record);
  return { kind, form, range, known: new Set(type.getProperties().map((property) => property.name)) };
}

const SESSION_MEMBERS = ['regenerate', 'is_new', 'flash'];

function isSession(node: ts.Expression, { checker, file }: PageModule): boolean {
  const type = checker.getTypeAtLocation(node);
  if (SESSION_MEMBERS.every((name) => type.getProperty(name) !== undefined)) return true;
  return isUpdated(node, { checker, file });
}

/** Whether an expression is the parameter of the function in `session.update((data) => …)`. */
function isUpdated(node: ts.Expression, { checker }: Pick<PageModule, 'checker' | 'file'>): boolean {
  const declaration = checker.getSymbolAtLocation(node)?.valueDeclaration;
  if (declaration === undefined || !ts.isParameter(declaration)) return false;
  const call = declaration.parent.parent;
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression)) return false;
  if (call.expression.name.text !== 'update') return false;
  const type = checker.getTypeAtLocation(call.expression.expression);
  return SESSION_MEMBERS.every((name) => type.getProperty(name) !== undefined);
}

/** The page name that an expression is; undefined for a name that the page declares itself. */
function pageName(node: ts.Expression, { page, file, checker }: PageModule): string | undefined {
  if (!ts.isIdentifier(node)) return undefined;
  const isOwn = checker
    .getSymbolAtLocation(node)
    ?.declarations?.some(
      (declaration) =>
        declaration.getSourceFile() === file &&
        page.module.pieces.some(
          ({ generated, length }) =>
            declaration.getStart(file) >= generated && declaration.getStart(file) < generated + length,
        ),
    );
  return isOwn === true ? undefined : node.text;
}
