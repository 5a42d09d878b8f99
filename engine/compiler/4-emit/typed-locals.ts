// The types of LOCALS in a typed module (docs/guards.md): `type Locals` of the guards that run before the page, and the check
// that a guard gives no key another type than the guards around it.

import { identifierName, nodeAt, type SyntaxNode } from '../2-parse/syntax-nodes.ts';
import type { Edit } from './edits.ts';

/** The guards before a page, by the paths of their files or of their typed modules. */
export interface GuardPaths {
  /** The guards that run whenever the page does. */
  readonly always: readonly string[];
  /** The guards that run before some of the pages that reach the page. */
  readonly sometimes: readonly string[];
}

/** The page as the types of its LOCALS need it. */
export interface LocalsPage {
  /** The name under which the module imports runtime/page-name-types.ts. */
  readonly kit: string;
  /** Whether the page is a guard, a `_before.pih`. */
  readonly isGuard: boolean;
  /** Whether the page declares a type Locals. */
  readonly hasLocals: boolean;
  /** Whether `localsEdits` has wrapped that type. */
  readonly wrapsLocals: boolean;
  readonly guards: () => GuardPaths;
}

/** The type of LOCALS. */
export function localsType({ kit, isGuard, hasLocals, guards }: LocalsPage): string {
  const { always, sometimes } = guards();
  const own = isGuard && hasLocals ? ['Locals'] : [];
  const all = [...own, ...always.map(typeIn)].join(' & ');
  const known = all === '' ? NO_KEYS : all;
  return sometimes.length === 0 ? known : `${kit}.LocalsOf<${known}, ${sometimes.map(typeIn).join(' | ')}>`;
}

/** The lines behind the page that its own `type Locals` needs, and its export for the modules of other pages. */
export function localsLines(page: LocalsPage): string[] {
  const { kit, isGuard, hasLocals, wrapsLocals } = page;
  if (!isGuard) return wrapsLocals ? [`type ${ownName(kit)}<Own> = Own;`] : [];
  if (!hasLocals) return [`export type $Locals = ${NO_KEYS};`];
  const outer = page.guards().always.map(typeIn).join(' & ');
  const own = outer === '' ? 'Own' : `Own extends ${kit}.SameKeys<Own, ${outer}>`;
  return [
    `type ${ownName(kit)}<${own}> = Own;`,
    'export type { Locals as $Locals };',
    ...(wrapsLocals ? [] : [`export type $Checked = ${ownName(kit)}<Locals>;`]),
  ];
}

/** Wraps the type of `type Locals = …`, so that an error about its keys stands there. */
export function localsEdits(statement: SyntaxNode, kit: string): Edit[] {
  if (statement.type !== 'TSTypeAliasDeclaration' || identifierName(nodeAt(statement, 'id')) !== 'Locals')
    return [];
  const type = nodeAt(statement, 'typeAnnotation');
  if (type === undefined) return [];
  return [
    { start: type.start, end: type.start, text: `${ownName(kit)}<` },
    { start: type.end, end: type.end, text: '>' },
  ];
}

const NO_KEYS = 'Record<never, never>';

function ownName(kit: string): string {
  return `${kit}_own`;
}

function typeIn(guard: string): string {
  return `import(${JSON.stringify(guard)}).$Locals`;
}
