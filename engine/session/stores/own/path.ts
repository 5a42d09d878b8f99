// Tells a site's own store by its name in the configuration.

/** Whether the name of a store is the path of a module. */
export function isOwnStore(store: string): boolean {
  return /^\.{0,2}[/\\]|\.[cm]?[jt]s$/i.test(store);
}
