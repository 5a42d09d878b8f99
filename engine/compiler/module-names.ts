// The names that the compiler gives to imported modules and to what it passes beside them.

/** Chosen so that the source does not have them. */
export class ModuleNames {
  readonly #prefix: string;

  /** @param written a text that holds every name of the source, see written-names.ts */
  constructor(written: string) {
    let prefix = '$';
    while (isTaken(prefix, written)) prefix += '$';
    this.#prefix = prefix;
  }

  /** The namespace of the module that is imported as number `index`. */
  module(index: number): string {
    return `${this.#prefix}${index + 1}`;
  }
  /** Stands for `import(…)`. */
  get dynamic(): string {
    return `${this.#prefix}import`;
  }
  /** Stands for `import.meta`. */
  get meta(): string {
    return `${this.#prefix}meta`;
  }
  /** Takes the getters of a module's exports. */
  get exports(): string {
    return `${this.#prefix}exports`;
  }
  /** The value of `export default` where it has no name. */
  get default(): string {
    return `${this.#prefix}default`;
  }
}

function isTaken(prefix: string, written: string): boolean {
  // linear: fixed words behind a fixed name
  return new RegExp(`${prefix.replaceAll('$', '\\$')}(?:\\d|import|meta|exports|default)`).test(written);
}
