// Errors of the server's own code, of the engine or of TypeScript, on a page that they did not expect. The answer is empty then, and
// the editor's log gets the error with its stack, once for each place in the code.

import type { LanguageServicePlugin } from '@volar/language-server';
import { ResponseError } from '@volar/language-server/node';

/** The failures of one server. */
export class Failures {
  readonly #log: (text: string) => void;
  readonly #known = new Set<string>();

  constructor(log: (text: string) => void) {
    this.#log = log;
  }

  /** Logs an error. @param part the part of the server that failed */
  note(part: string, error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const place = placeOf(text);
    if (this.#known.has(place)) return;
    this.#known.add(place);
    this.#log(`The Karrigell language server goes on after an error in ${part}. ${text}`);
  }

  /** The result of a function; undefined if it fails. */
  attempt<Result>(part: string, run: () => Result): Result | undefined {
    try {
      return run();
    } catch (error) {
      return this.#failed(part, error);
    }
  }

  async attemptAsync<Result>(part: string, run: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await run();
    } catch (error) {
      return this.#failed(part, error);
    }
  }

  /** An object with the same functions, none of which fails. */
  guarded<Guarded extends object>(part: string, object: Guarded): Guarded {
    const members = Object.entries(object).map(([name, member]) => [
      name,
      typeof member === 'function' ? this.#guardedFunction(`${part}, ${name}`, member, object) : member,
    ]);
    return { ...object, ...Object.fromEntries(members) };
  }

  /** A plugin that answers with nothing where it fails. */
  guardedPlugin(plugin: LanguageServicePlugin): LanguageServicePlugin {
    return {
      ...plugin,
      create: (context) => this.guarded(plugin.name ?? 'a plugin', plugin.create(context)),
    };
  }

  #guardedFunction(part: string, run: (...given: unknown[]) => unknown, owner: object) {
    /** An object that was to be completed stays as it was. */
    const isResolving = part.includes(', resolve');
    return (...given: unknown[]): unknown => {
      const nothing = isResolving ? given[0] : undefined;
      const result = this.attempt(part, () => run.apply(owner, given)) ?? nothing;
      if (!(result instanceof Promise)) return result;
      return this.attemptAsync(part, () => result).then((awaited) => awaited ?? nothing);
    };
  }

  /** A refusal is an answer. */
  #failed(part: string, error: unknown): undefined {
    if (error instanceof ResponseError) throw error;
    this.note(part, error);
    return undefined;
  }
}

/** The topmost functions of a stack, without the message, which may have names of files in it. */
function placeOf(stack: string): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames.length === 0 ? stack : frames.slice(0, 3).join('\n');
}
