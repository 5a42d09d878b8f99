// A debugger for tests: it attaches to this process as an editor does, over the inspector protocol.

import { once } from 'node:events';
import type { Debugger, Runtime } from 'node:inspector';
import { Worker } from 'node:worker_threads';
import { generatedPositionFor, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { ExecutionContext } from 'ava';
import type { Command } from './debugger-worker.ts';

/** Where the program stood still. */
export interface Stop {
  readonly frame: Debugger.CallFrame;
  readonly locals: readonly Runtime.PropertyDescriptor[];
}

/** A message of the debugger thread. */
interface Told {
  readonly script?: Debugger.ScriptParsedEventDataType;
  readonly stop?: Stop;
  readonly answer?: { readonly error: string | undefined; readonly result: unknown };
}

/** A debugger that lets the program go on after every stop. */
export class TestDebugger {
  readonly #scripts = new Map<string, Debugger.ScriptParsedEventDataType>();
  readonly #stops: Stop[] = [];
  readonly #thread: Worker;

  constructor() {
    this.#thread = new Worker(new URL('./debugger-worker.js', import.meta.url));
    this.#thread.on('message', ({ script, stop }: Told) => {
      if (script !== undefined) this.#scripts.set(script.scriptId, script);
      if (stop !== undefined) this.#stops.push(stop);
    });
  }

  /** Runs a command. When its answer is here, all earlier messages have arrived too. */
  async send(command: Command): Promise<unknown> {
    this.#thread.postMessage(command);
    for (;;) {
      const [{ answer }]: [Told] = (await once(this.#thread, 'message')) as [Told];
      if (answer === undefined) continue;
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.result;
    }
  }

  /** Where the program stood still while something ran. */
  async stopsDuring(work: () => Promise<unknown>): Promise<readonly Stop[]> {
    const before = this.#stops.length;
    await work();
    // Answered behind everything that is on its way.
    await this.send({ method: 'Debugger.enable' });
    return this.#stops.slice(before);
  }

  /** The newest script of a URL. */
  script(url: string): Debugger.ScriptParsedEventDataType | undefined {
    return [...this.#scripts.values()].findLast((script) => script.url === url);
  }

  /** Where a place of a page, line and column from 1, stands in its script. */
  locationOf(url: string, line: number, column: number): Debugger.Location {
    const script = this.script(url);
    const place = generatedPositionFor(mapOf(script), { source: url, line, column: column - 1 });
    return {
      scriptId: script?.scriptId ?? '',
      lineNumber: (place.line ?? 0) - 1,
      columnNumber: place.column ?? -1,
    };
  }

  /** Where the source map says that a stop is: file URL, line and column from 1. */
  placeOf({ frame }: Stop): string {
    const { scriptId, lineNumber, columnNumber = 0 } = frame.location;
    const map = mapOf(this.#scripts.get(scriptId));
    const place = originalPositionFor(map, { line: lineNumber + 1, column: columnNumber });
    return `${place.source}:${place.line}:${(place.column ?? -1) + 1}`;
  }

  close(): Promise<number> {
    return this.#thread.terminate();
  }
}

/** The map that comes with a script, in its URL. */
function mapOf(script: Debugger.ScriptParsedEventDataType | undefined): TraceMap {
  const [, content = ''] = /^data:application\/json;base64,(.*)$/.exec(script?.sourceMapURL ?? '') ?? [];
  return new TraceMap(Buffer.from(content, 'base64').toString(), script?.url);
}

/** Attaches until the test has ended. */
export async function attachDebugger(t: ExecutionContext): Promise<TestDebugger> {
  const found = new TestDebugger();
  t.teardown(() => found.close());
  await found.send({ method: 'Debugger.enable' });
  return found;
}
