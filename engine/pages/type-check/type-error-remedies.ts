// Remedies for the most frequent type errors in pages, because TypeScript itself gives none.

import type { TscError } from './run-tsc.ts';

const REMEDIES: Readonly<Record<string, string>> = {
  TS2304: 'Declare it, import it, or correct its name.',
  TS2305: 'Export it from that module, or correct its name.',
  TS2307: 'Check the path, or install the package; if it has no types of its own, install @types/….',
  TS2322: 'Give a value of the expected type, or change that type.',
  TS2339: 'Correct the name, or add it to the type.',
  TS2353: 'Correct the name, or add it to the type.',
  TS2551: 'Correct the name, or add it to the type.',
  TS2552: 'Correct the name, or declare it.',
  TS2554: 'Pass what is called for; Include needs the data that `type Args` of the included page requires.',
  TS2561: 'Correct the name, or add it to the type.',
  TS2591: 'Run: npm install --save-dev @types/node',
  TS7016: 'Install its types (@types/…), or declare the module in a .d.ts file.',
  TS18047: 'Check for null first.',
  TS18048: 'Check for undefined first, or give a default with `??`.',
};

const ANY = 'Correct the value here, or the type that it is checked against.';

/** Matches the error for an output whose type is not `Printable` (runtime/page-name-types.ts). */
const NOT_PRINTABLE = / is not assignable to parameter of type 'Printable'\.$/;

/** Stands in the error for a key of LOCALS that two guards give different types (runtime/page-name-types.ts). */
const OTHER_LOCALS = ': OuterType<';

/**
 * The text of an error and its remedy. For an output that cannot be printed, the text is cut after its first line,
 * because the rest concerns the engine's types.
 */
export function remedyFor({ code, text }: Pick<TscError, 'code' | 'text'>): {
  readonly text: string;
  readonly remedy: string;
} {
  const [first = ''] = text.split('\n', 1);
  if (code === 'TS2344' && first.includes(OTHER_LOCALS)) {
    const [, key = ''] = /^ {2}Types of property '([^'\n]*)' are/m.exec(text) ?? [];
    return {
      text: `the _before.pih of a folder further out gives ${key === '' ? 'a key' : key} of LOCALS another type`,
      remedy: 'Give it the same type in both files, or another name.',
    };
  }
  if (!NOT_PRINTABLE.test(first)) return { text, remedy: REMEDIES[code] ?? ANY };
  const remedy = first.includes("'Promise<")
    ? 'Write `await` before it: a Promise has no text.'
    : 'Print something that has a text: call the function, or choose a field.';
  return { text: first, remedy };
}
