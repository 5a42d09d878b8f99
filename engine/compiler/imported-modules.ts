// The modules that a source names in its declarations, each once, and the names that it asks them for.

import type {
  ExportAllDeclaration,
  ExportNamedDeclaration,
  Identifier,
  ImportDeclaration,
  Literal,
} from 'acorn';
import type { Lines } from '../diagnostics/position.ts';
import type { ImportFact } from './facts.ts';
import type { ModuleNames } from './module-names.ts';

/** A declaration that names a module. */
export type Importing = ImportDeclaration | ExportAllDeclaration | ExportNamedDeclaration;

/** Collected in the order of the source, which is the order in which they run. */
export class ImportedModules {
  readonly #lines: Lines;
  readonly #chosen: ModuleNames;
  readonly #facts: ImportFact[] = [];
  readonly #indexes = new Map<string, number>();
  /** The names of each module, each once. */
  readonly #names: Set<string>[] = [];
  readonly #bindings = new Map<string, string>();

  constructor(lines: Lines, chosen: ModuleNames) {
    this.#lines = lines;
    this.#chosen = chosen;
  }

  /** Adds a declaration's module and what it asks for. */
  add(node: Importing, source: Literal): void {
    const index = this.#indexOf(String(source.value), source.start);
    for (const name of importedNames(node)) this.#names[index]?.add(name);
    if (node.type === 'ImportDeclaration') this.#bind(node, this.#chosen.module(index));
  }

  #indexOf(specifier: string, offset: number): number {
    const known = this.#indexes.get(specifier);
    if (known !== undefined) return known;
    this.#indexes.set(specifier, this.#facts.length);
    this.#names.push(new Set());
    return this.#facts.push({ specifier, names: [], ...this.#lines.at(offset) }) - 1;
  }

  #bind(node: ImportDeclaration, module: string): void {
    for (const specifier of node.specifiers) {
      const imported = importedName(specifier);
      this.#bindings.set(specifier.local.name, imported === undefined ? module : memberOf(module, imported));
    }
  }

  get names(): string[] {
    return this.#facts.map((_, index) => this.#chosen.module(index));
  }

  get facts(): readonly ImportFact[] {
    return this.#facts.map((fact, index) => ({ ...fact, names: [...(this.#names[index] ?? [])] }));
  }

  /** What each local name is read as. */
  get bindings(): ReadonlyMap<string, string> {
    return this.#bindings;
  }
}

/** How an export of a module is read. */
export function memberOf(module: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${module}.${name}` : `${module}[${JSON.stringify(name)}]`;
}

/** The name of an import or export, which may be written as a string. */
export function moduleExportName(name: Identifier | Literal): string {
  return name.type === 'Identifier' ? name.name : String(name.value);
}

/** Undefined for `* as x`, which asks for no name. */
function importedName(specifier: ImportDeclaration['specifiers'][number]): string | undefined {
  if (specifier.type === 'ImportNamespaceSpecifier') return undefined;
  return specifier.type === 'ImportDefaultSpecifier' ? 'default' : moduleExportName(specifier.imported);
}

function importedNames(node: Importing): string[] {
  if (node.type === 'ExportAllDeclaration') return [];
  if (node.type === 'ExportNamedDeclaration')
    return node.specifiers.map(({ local }) => moduleExportName(local));
  return node.specifiers.map(importedName).filter((name) => name !== undefined);
}
