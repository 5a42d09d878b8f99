// Makes `error.stack` show lines and columns of the page or module instead of those of the compiled code. V8 has one
// hook for this in a process, and Node's source maps do not reach code run through `vm`. So the table of compiled files
// belongs to the process; it holds only what is needed to map positions, and no state of a server.

import { pathToFileURL } from 'node:url';
import { CallPlace } from '../diagnostics/call-place.ts';
import { ENGINE_FOLDER } from '../diagnostics/package-folder.ts';
import { Problem } from '../diagnostics/problem.ts';
import { recordFrames } from '../diagnostics/stack-frames.ts';
import { type CompiledCode, CompiledSource } from './compiled-source.ts';

type StackHook = NonNullable<typeof Error.prepareStackTrace>;

/** The versions of each file whose code may still run, newest first. */
const sources = new Map<string, readonly CompiledSource[]>();

/** The largest number of versions kept: a page may run while its file is saved several times. */
const MOST_VERSIONS = 5;

/** The number of frames. Node's default of 10 can be too small to reach the page that called a package. */
const DEEPEST = 30;

/** Registers a compiled file, so that stacks show positions of its source. */
export function registerSource(compiled: CompiledCode): void {
  if (sources.size === 0) installHook();
  const earlier = sources.get(compiled.file) ?? [];
  sources.set(compiled.file, [new CompiledSource(compiled), ...earlier.slice(0, MOST_VERSIONS - 1)]);
}

/**
 * Installs the hook. A hook that was installed before (source-map-support, another copy of the engine) receives the
 * mapped frames.
 */
function installHook(): void {
  const earlier = Error.prepareStackTrace;
  if (Error.stackTraceLimit === 10) Error.stackTraceLimit = DEEPEST;
  Error.prepareStackTrace = (error, frames) => {
    const mapped = mappedStack(error, frames);
    return earlier === undefined ? plainStack(error, mapped) : earlier(error, mapped);
  };
}

/** Formats a stack as V8 does. */
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

/** The frame with its position in the source; undefined for code that the compiler added. */
function mappedFrame(frame: NodeJS.CallSite, missing: string | undefined): NodeJS.CallSite | undefined {
  const source = sourceOf(frame);
  if (source === undefined) return frame;
  const offset = frame.getPosition();
  const place = missing === undefined ? source.at(offset) : source.ofReference(offset, missing);
  return place && frameAt(frame, place.line, place.column);
}

/** The name that a ReferenceError reports as missing. */
function missingName(error: Error): string | undefined {
  if (!(error instanceof ReferenceError)) return undefined;
  const match = /^(\S+) is not defined$|^Cannot access '(\S+)' before initialization$/.exec(error.message);
  return match?.[1] ?? match?.[2];
}

/** The frame with another position. It is a proxy, because V8's methods accept only V8's own frames. */
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

/**
 * Replaces compiled names of imports in the message by the names in the source; V8 writes `(0 , $1.f) is not a
 * function`.
 */
function writeNamesAsInSource(error: Error, { bindings }: CompiledSource): void {
  if (bindings.size === 0 || !(error instanceof TypeError)) return;
  let { message } = error;
  for (const [name, access] of longestFirst(bindings)) {
    const printed = access.replace('["', '.').replace('"]', '');
    for (const text of [`(0 , ${printed})`, printed]) message = message.replaceAll(text, () => name);
  }
  if (message !== error.message) error.message = message;
}

/** Longest first, because `$1`, the compiled form of `import * as x`, is the beginning of all other forms. */
function longestFirst(bindings: ReadonlyMap<string, string>): [string, string][] {
  return [...bindings].sort(([, a], [, b]) => b.length - a.length);
}

const ENGINE = `${pathToFileURL(ENGINE_FOLDER).href}/`;

/**
 * Removes the engine's own frames from an error of the engine about a page, because the page's position is the useful
 * one.
 */
function withoutEngine(error: Error, frames: NodeJS.CallSite[]): NodeJS.CallSite[] {
  if (!(error instanceof Problem || error instanceof CallPlace)) return frames;
  const others = frames.filter((frame) => !String(frame.getFileName()).startsWith(ENGINE));
  return others.some((frame) => sources.has(String(frame.getFileName()))) ? others : frames;
}
