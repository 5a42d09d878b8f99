// The frames of errors as data. They are recorded when the engine formats a stack (pages/stack-positions.ts), because
// the text of a stack begins with the message, which may contain lines that look like frames.

/** One call of a stack. */
export interface StackFrame {
  /** The line of the frame as V8 writes it, without "at". */
  readonly text: string;
  /** The path or URL of the file; '' for native code. */
  readonly file: string;
  readonly caller: string;
  readonly line: number;
  readonly column: number;
}

const recorded = new WeakMap<object, readonly StackFrame[]>();

/** Records the frames of an error whose stack is being formatted. */
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

/**
 * The function's name. V8 writes `Cart.total (file:line:column)`, and only the position for a function without a name.
 */
function callerOf(text: string): string {
  return text.endsWith(')') ? text.slice(0, Math.max(0, text.indexOf(' ('))) : '';
}

/** Gives an error the frames of another one. */
export function copyFrames(from: object, to: object): void {
  const frames = recorded.get(from);
  if (frames !== undefined) recorded.set(to, frames);
}

/** The recorded frames of an error; undefined if its stack was not formatted here. */
export function recordedFrames(error: object): readonly StackFrame[] | undefined {
  return recorded.get(error);
}
