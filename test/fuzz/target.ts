// The type of a fuzz target: how its inputs are made, and the rule that must hold for each of them. Inputs are JSON, so that
// an input that failed can be kept as a file and tried again by the tests.

import type fc from 'fast-check';

/** A target that is ready to be tried. */
export interface OpenTarget {
  /** Throws if the rule does not hold for this input. */
  holds(input: unknown): Promise<void> | void;
  close?(): Promise<void>;
}

export interface Target {
  readonly name: string;
  readonly inputs: fc.Arbitrary<unknown>;
  /** Its rule is about time, which a busy machine falsifies: not part of the tests. */
  readonly timed?: boolean;
  open(): Promise<OpenTarget>;
}

/** A target whose inputs are checked where they come from a file. */
export function target<Input>(made: {
  readonly name: string;
  readonly inputs: fc.Arbitrary<Input>;
  readonly timed?: boolean;
  readonly isInput: (input: unknown) => input is Input;
  readonly open: () => Promise<{
    holds(input: Input): Promise<void> | void;
    close?(): Promise<void>;
  }>;
}): Target {
  return {
    ...made,
    open: async () => {
      const { holds, close } = await made.open();
      return {
        ...(close === undefined ? {} : { close }),
        holds: (input) => {
          if (!made.isInput(input)) throw new TypeError(`no input of the target '${made.name}'`);
          return holds(input);
        },
      };
    },
  };
}

export function isText(input: unknown): input is string {
  return typeof input === 'string';
}

export function isTexts(input: unknown): input is string[] {
  return Array.isArray(input) && input.every(isText);
}
