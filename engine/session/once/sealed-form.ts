// The content of a form's entry, sealed with a key that is derived from the form's token. The store has only a hash of the token, so a
// copy of the store opens no entry.

import type { EarlierArrivals, FormOutcome } from './form-arrival.ts';

/** The state that an entry keeps. */
type KeptArrivals = Exclude<EarlierArrivals, { readonly kind: 'none' }>;

/** Cookies of a page may be longer than one cookie. */
const LONGEST_SEALED = 1_000_000;

export async function sealedEntry(token: string, key: string, kept: KeptArrivals): Promise<string> {
  return (await sealOf(token)).seal(key, JSON.stringify(kept));
}

/** undefined: the content was sealed with another token, or is damaged. */
export async function openedEntry(
  token: string,
  key: string,
  content: string,
): Promise<KeptArrivals | undefined> {
  const text = await (await sealOf(token)).open(key, content);
  const kept: unknown = text === undefined ? undefined : JSON.parse(text);
  return isKept(kept) ? kept : undefined;
}

/** The package that seals is loaded by the first form with a token. */
async function sealOf(token: string) {
  const { Seal } = await import('../stores/cookie/seal.ts');
  return new Seal([token], LONGEST_SEALED);
}

/** Whether a value is an entry: another version of this program may have written something else. */
function isKept(kept: unknown): kept is KeptArrivals {
  if (typeof kept !== 'object' || kept === null || !('kind' in kept)) return false;
  if (kept.kind === 'done') return 'outcome' in kept && isOutcome(kept.outcome);
  return kept.kind === 'unsure' && (!('target' in kept) || typeof kept.target === 'string');
}

function isOutcome(outcome: unknown): outcome is FormOutcome {
  if (typeof outcome !== 'object' || outcome === null) return false;
  const { status, location, cookies }: Partial<Record<keyof FormOutcome, unknown>> = outcome;
  const isLocation = location === undefined || typeof location === 'string';
  const isList = Array.isArray(cookies) && cookies.every((cookie) => typeof cookie === 'string');
  return typeof status === 'number' && isLocation && isList;
}
