// The frames of errors as data. A stack's text begins with the message, in which anything may stand, also lines that look
// like frames; so where the engine formats a stack (pages/stack-positions.ts), it keeps the frames beside it.

/** One call. */
export interface StackFrame {
  /** The line as V8 writes it, without "at". */
  readonly text: string;
  /** As V8 names it: a path or a URL; '' for native code. */
  readonly file: string;
  readonly caller: string;
  readonly line: number;
  readonly column: number;
}

const recorded = new WeakMap<object, readonly StackFrame[]>();

/** Remembers the frames of an error whose stack is being made. */
export function recordFrames(error: object, frames: readonly NodeJS.CallSite[]): void {
  recorded.set(
    error,
    frames.map((frame) => ({
      text: frame.toString(),
      file: frame.getFileName() ?? '',
      caller: callerOf(frame.toString()),
      line: frame.getLineNumber() ?? 0,
      column: frame.getColumnNumber() ?? 0,
    })),
  );
}

/** V8 writes `Cart.total (file:line:column)`, and the place alone where a function has no name. */
function callerOf(text: string): string {
  return text.endsWith(')') ? text.slice(0, Math.max(0, text.indexOf(' ('))) : '';
}

/** Gives an error the frames of another one. */
export function copyFrames(from: object, to: object): void {
  const frames = recorded.get(from);
  if (frames !== undefined) recorded.set(to, frames);
}

/** The frames of an error whose stack was made; undefined when another hook made it. */
export function recordedFrames(error: object): readonly StackFrame[] | undefined {
  return recorded.get(error);
}
