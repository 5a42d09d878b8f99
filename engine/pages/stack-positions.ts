// Lines and columns in `error.stack` are those of the page or module that was written, not of what was compiled.
// V8 has one hook for this a process, and Node's source maps never reach code run through vm: so the table of compiled
// files is the process's too. It holds what is needed to translate a position, and nothing of a server's state.

import type { Piece } from '../compiler/facts.ts';
import { Lines } from '../diagnostics/position.ts';

type StackHook = NonNullable<typeof Error.prepareStackTrace>;

/** One compiled file; its lines are found at the first error only. */
interface CompiledSource {
  readonly generated: string;
  readonly source: string;
  readonly pieces: readonly Piece[];
  lines?: { readonly generated: Lines; readonly source: Lines };
}

const sources = new Map<string, CompiledSource>();

/**
 * Makes stacks show positions of `source` wherever V8 reports positions of `generated` under the name `file`.
 * A newer version of a file takes the place of the older one.
 */
export function registerSource(
  file: string,
  generated: string,
  source: string,
  pieces: readonly Piece[],
): void {
  if (sources.size === 0) installHook();
  sources.set(file, { generated, source, pieces });
}

/** A hook that is there already (source-map-support, another copy of the engine) gets the translated frames. */
function installHook(): void {
  const earlier = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => {
    const mapped = frames.map(mappedFrame);
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

function mappedFrame(frame: NodeJS.CallSite): NodeJS.CallSite {
  const file = frame.getFileName();
  const compiled = file == null ? undefined : sources.get(file);
  const line = frame.getLineNumber();
  const column = frame.getColumnNumber();
  if (compiled === undefined || line == null || column == null) return frame;
  return frameAt(frame, line, sourceColumn(compiled, line, column));
}

/** The frame with another column; V8's methods work on its own frames only, hence the proxy. */
function frameAt(frame: NodeJS.CallSite, line: number, column: number): NodeJS.CallSite {
  const text = frame.toString().replace(`:${line}:${frame.getColumnNumber()}`, `:${line}:${column}`);
  return new Proxy(frame, {
    get(target, key) {
      if (key === 'getColumnNumber') return () => column;
      if (key === 'toString') return () => text;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The column in the source; lines are the same by construction. */
function sourceColumn(compiled: CompiledSource, line: number, column: number): number {
  compiled.lines ??= { generated: new Lines(compiled.generated), source: new Lines(compiled.source) };
  const offset = compiled.lines.generated.startOf(line) + column - 1;
  const place = compiled.lines.source.at(sourceOffset(compiled, offset));
  return place.line === line ? place.column : 1;
}

/** What the compiler put between two pieces belongs to where the first one ends. */
function sourceOffset(compiled: CompiledSource, generated: number): number {
  const piece = pieceAt(compiled.pieces, generated);
  if (piece === undefined) return 0;
  const offset = piece.source + Math.min(generated - piece.generated, piece.length);
  return generated === piece.generated ? calledName(compiled, generated, offset) : offset;
}

/** A call of an import is compiled to `(0,$1.f)(…)`, where V8 reports the parenthesis; of `f(…)` it reports the name. */
function calledName({ generated, source }: CompiledSource, at: number, offset: number): number {
  if (!generated.startsWith(')(', at - 1)) return offset;
  return (
    // linear: of at most 200 characters
    offset - (/[\p{ID_Continue}$]*$/u.exec(source.slice(Math.max(0, offset - 200), offset))?.[0].length ?? 0)
  );
}

/** The last piece that begins at or before an offset. */
function pieceAt(pieces: readonly Piece[], generated: number): Piece | undefined {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.generated ?? 0) <= generated) low = middle + 1;
    else high = middle;
  }
  return pieces[low - 1];
}
