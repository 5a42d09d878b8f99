// Where in an attribute a value stands, in the words of messages: `s.cart[1]["a b"]`, `the key of s.map, entry 0`.

/** One step from a value to one inside it. */
export type Step =
  | number
  | string
  | symbol
  | { readonly entry: number; readonly part: 'key' | 'value' }
  | { readonly member: number };

/** Longer names are cut: a message is to be read. */
const MOST_SHOWN = 60;

/** The path of an attribute and the steps from it. */
export function pathOf(attribute: string, steps: readonly Step[]): string {
  return steps.reduce(pathAfter, shortened(attribute));
}

function pathAfter(path: string, step: Step): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (typeof step === 'symbol') return `${path}[${shortened(String(step))}]`;
  if (typeof step === 'string') return memberPath(path, step);
  if ('member' in step) return `${path}, member ${step.member}`;
  return `the ${step.part} of ${path}, entry ${step.entry}`;
}

function memberPath(path: string, key: string): string {
  const name = shortened(key);
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name)
    ? `${path}.${name}`
    : `${path}[${JSON.stringify(name)}]`;
}

/** A name as a message has room for it. */
export function shortened(name: string): string {
  return name.length <= MOST_SHOWN ? name : `${name.slice(0, MOST_SHOWN)}…`;
}
