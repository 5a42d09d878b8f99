// Lines and columns in `error.stack` are those of the page or module that was written, not of what was compiled.
// V8 has one hook for this a process, and Node's source maps never reach code run through vm: so the table of compiled
// files is the process's too. It holds what is needed to translate a position, and nothing of a server's state.

import { pathToFileURL } from 'node:url';
import { CallPlace } from '../diagnostics/call-place.ts';
import { ENGINE_FOLDER } from '../diagnostics/package-folder.ts';
import { Problem } from '../diagnostics/problem.ts';
import { recordFrames } from '../diagnostics/stack-frames.ts';
import { type CompiledCode, CompiledSource } from './compiled-source.ts';

type StackHook = NonNullable<typeof Error.prepareStackTrace>;

/** The versions of each file whose code may still run, the newest first. */
const sources = new Map<string, readonly CompiledSource[]>();

/** Pages that run while their file is saved again and again. */
const MOST_VERSIONS = 5;

/** Node's own default of 10 frames is less than what can lie between an error in a package and the page that called it. */
const DEEPEST = 30;

/** Makes stacks show positions of the source wherever V8 reports positions of its code under the name of the file. */
export function registerSource(compiled: CompiledCode): void {
  if (sources.size === 0) installHook();
  const earlier = sources.get(compiled.file) ?? [];
  sources.set(compiled.file, [new CompiledSource(compiled), ...earlier.slice(0, MOST_VERSIONS - 1)]);
}

/** A hook that is there already (source-map-support, another copy of the engine) gets the translated frames. */
function installHook(): void {
  const earlier = Error.prepareStackTrace;
  if (Error.stackTraceLimit === 10) Error.stackTraceLimit = DEEPEST;
  Error.prepareStackTrace = (error, frames) => {
    const mapped = mappedStack(error, frames);
    return earlier === undefined ? plainStack(error, mapped) : earlier(error, mapped);
  };
}

/** V8's own format. */
const plainStack: StackHook = (error, frames) => {
  return [headline(error), ...frames.map((frame) => `    at ${frame.toString()}`)].join('\n');
};

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return '<error>';
  }
}

function mappedStack(error: Error, frames: readonly NodeJS.CallSite[]): NodeJS.CallSite[] {
  const [top] = frames;
  const source = top && sourceOf(top);
  if (source !== undefined) writeNamesAsInSource(error, source);
  const mapped = frames.map((frame, index) =>
    mappedFrame(frame, index === 0 ? missingName(error) : undefined),
  );
  const shown = withoutEngine(
    error,
    mapped.filter((frame) => frame !== undefined),
  );
  recordFrames(error, shown);
  return shown;
}

function sourceOf(frame: NodeJS.CallSite): CompiledSource | undefined {
  const file = frame.getFileName();
  const versions = file == null ? undefined : sources.get(file);
  if (versions === undefined || versions.length < 2) return versions?.[0];
  const hash = frame.getScriptHash();
  return versions.find((version) => version.hash === hash);
}

/** The frame with its place in the source; undefined where the compiler's own code calls the engine. */
function mappedFrame(frame: NodeJS.CallSite, missing: string | undefined): NodeJS.CallSite | undefined {
  const source = sourceOf(frame);
  if (source === undefined) return frame;
  const offset = frame.getPosition();
  const place = missing === undefined ? source.at(offset) : source.ofReference(offset, missing);
  return place && frameAt(frame, place.line, place.column);
}

/** The name that a ReferenceError is about. */
function missingName(error: Error): string | undefined {
  if (!(error instanceof ReferenceError)) return undefined;
  const match = /^(\S+) is not defined$|^Cannot access '(\S+)' before initialization$/.exec(error.message);
  return match?.[1] ?? match?.[2];
}

/** The frame at another place; V8's methods work on its own frames only, hence the proxy. */
function frameAt(frame: NodeJS.CallSite, line: number, column: number): NodeJS.CallSite {
  const was = `:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
  const text = frame.toString().replace(was, `:${line}:${column}`);
  return new Proxy(frame, {
    get(target, key) {
      if (key === 'getLineNumber') return () => line;
      if (key === 'getColumnNumber') return () => column;
      if (key === 'toString') return () => text;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** V8 calls an import by what it is compiled to: `(0 , $1.f) is not a function`. */
function writeNamesAsInSource(error: Error, { bindings }: CompiledSource): void {
  if (bindings.size === 0 || !(error instanceof TypeError)) return;
  let { message } = error;
  for (const [name, access] of longestFirst(bindings)) {
    const printed = access.replace('["', '.').replace('"]', '');
    for (const text of [`(0 , ${printed})`, printed]) message = message.replaceAll(text, () => name);
  }
  if (message !== error.message) error.message = message;
}

/** `$1` is how `import * as x` is read, and the beginning of all others. */
function longestFirst(bindings: ReadonlyMap<string, string>): [string, string][] {
  return [...bindings].sort(([, a], [, b]) => b.length - a.length);
}

const ENGINE = `${pathToFileURL(ENGINE_FOLDER).href}/`;

/** What the engine says about a page is said at the page's place: its own frames tell nothing more. */
function withoutEngine(error: Error, frames: NodeJS.CallSite[]): NodeJS.CallSite[] {
  if (!(error instanceof Problem || error instanceof CallPlace)) return frames;
  const others = frames.filter((frame) => !String(frame.getFileName()).startsWith(ENGINE));
  return others.some((frame) => sources.has(String(frame.getFileName()))) ? others : frames;
}
