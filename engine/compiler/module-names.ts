// The names that the compiler gives to imported modules and to the other parameters of a module.

/** All names have a prefix that makes them differ from the names of the source. */
export class ModuleNames {
  readonly #prefix: string;

  /** @param written a text that contains every name of the source (`writtenNames`) */
  constructor(written: string) {
    let prefix = '$';
    while (isTaken(prefix, written)) prefix += '$';
    this.#prefix = prefix;
  }

  /** The namespace of the imported module with this index. */
  module(index: number): string {
    return `${this.#prefix}${index + 1}`;
  }
  /** The name for `import(…)`. */
  get dynamic(): string {
    return `${this.#prefix}import`;
  }
  /** The name for `import.meta`. */
  get meta(): string {
    return `${this.#prefix}meta`;
  }
  /** The function that receives the getters of a module's exports. */
  get exports(): string {
    return `${this.#prefix}exports`;
  }
  /** The value of an `export default` without a name. */
  get default(): string {
    return `${this.#prefix}default`;
  }
}

function isTaken(prefix: string, written: string): boolean {
  // linear: fixed words behind a fixed name
  return new RegExp(`${prefix.replaceAll('$', '\\$')}(?:\\d|import|meta|exports|default)`).test(written);
}
