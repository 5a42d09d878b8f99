// Who imports whom: pages and modules, by absolute path. Kept apart from the modules themselves, so that it also
// knows of imports that failed.

/** Grows with every load; an importer is forgotten when its file changes. */
export class Importers {
  readonly #imports = new Map<string, Set<string>>();
  readonly #importers = new Map<string, Set<string>>();

  add(importer: string, file: string): void {
    into(this.#imports, importer, file);
    into(this.#importers, file, importer);
  }

  /** Forgets what a file imports; who imports it stays. */
  forget(importer: string): void {
    for (const file of this.#imports.get(importer) ?? []) this.#importers.get(file)?.delete(importer);
    this.#imports.delete(importer);
  }

  /** Everything that a file imports, and what that imports. */
  usedBy(file: string): Set<string> {
    return reached([file], this.#imports, false);
  }

  /** The files, their importers, and the importers of those. */
  affectedBy(files: Iterable<string>): Set<string> {
    return reached(files, this.#importers, true);
  }
}

function into(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

function reached(
  from: Iterable<string>,
  edges: ReadonlyMap<string, ReadonlySet<string>>,
  withStart: boolean,
): Set<string> {
  const found = new Set(withStart ? from : []);
  const open = [...from];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const next of edges.get(file) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}
