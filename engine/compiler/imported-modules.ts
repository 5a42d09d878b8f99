// The modules that a source imports or exports from, each once, with the names that it uses of them.

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

/** Collects the modules in the order of the source, in which they must run. */
export class ImportedModules {
  readonly #lines: Lines;
  readonly #chosen: ModuleNames;
  readonly #facts: ImportFact[] = [];
  readonly #indexes = new Map<string, number>();
  /** The imported names of each module, without duplicates. */
  readonly #names: Set<string>[] = [];
  readonly #bindings = new Map<string, string>();

  constructor(lines: Lines, chosen: ModuleNames) {
    this.#lines = lines;
    this.#chosen = chosen;
  }

  /** Adds the module of a declaration and the names in it. */
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
      this.#bindings.set(
        specifier.local.name,
        imported === undefined ? module : exportAccess(module, imported),
      );
    }
  }

  get names(): string[] {
    return this.#facts.map((_, index) => this.#chosen.module(index));
  }

  get facts(): readonly ImportFact[] {
    return this.#facts.map((fact, index) => ({ ...fact, names: [...(this.#names[index] ?? [])] }));
  }

  /** The expression that reads each local name. */
  get bindings(): ReadonlyMap<string, string> {
    return this.#bindings;
  }
}

/** The expression that reads an export of a module. */
export function exportAccess(module: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${module}.${name}` : `${module}[${JSON.stringify(name)}]`;
}

/** The name in an import or export, which may be a string literal. */
export function moduleExportName(name: Identifier | Literal): string {
  return name.type === 'Identifier' ? name.name : String(name.value);
}

/** The imported name; undefined for `* as x`. */
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
