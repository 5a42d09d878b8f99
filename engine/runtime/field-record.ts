// Fields and uploads of a request by name (README.md, *Names of a page*). A name without `[]` gives its first value, and
// a name with `[]` always an array, so that a visitor cannot turn one into the other.

/**
 * A frozen record without a prototype.
 * @param values all values of each field, by name
 * @param empty the value of a missing `name[]`
 */
export function fieldRecord<T extends object>(
  values: ReadonlyMap<string, readonly unknown[]>,
  empty: readonly unknown[],
): T {
  const record = Object.create(null);
  for (const [name, all] of values) record[name] = name.endsWith('[]') ? Object.freeze(all) : all[0];
  return new Proxy(Object.freeze(record), {
    get: (target, key) => target[key] ?? (typeof key === 'string' && key.endsWith('[]') ? empty : undefined),
  });
}
