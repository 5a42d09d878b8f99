// The headers of a file that is sent behind guards, and of a request that is passed on behind them: the headers and cookies that
// the guards have set, and caching that asks the guards again (docs/guards.md).

import type { RequestContext } from './request-context.ts';
import { isFraming } from './response-headers.ts';

/** For a response that depends on the visitor: no shared cache keeps it, and a browser asks before it shows it again. */
export const GUARDED_HEADERS: readonly string[] = ['Cache-Control', 'private, no-cache', 'Vary', 'Cookie'];

/** A header of files in the configuration. */
export interface FileHeader {
  readonly key: string;
  readonly value: string;
}

/** Sets the headers of a file. */
export function setGuardedHeaders(context: RequestContext): void {
  const { draft, outgoing } = context;
  copyGuardHeaders(context);
  outgoing.setHeader('Vary', withCookie(String(outgoing.getHeader('Vary') ?? '')));
  if (draft.touchedHeaders?.has('Cache-Control') !== true)
    outgoing.setHeader('Cache-Control', 'private, no-cache');
}

/** Copies the headers and cookies that the guards have set, and the cookies of the session. */
export function copyGuardHeaders({ draft, outgoing, session }: RequestContext): void {
  for (const [name, value] of draft.touchedHeaders ?? []) {
    if (name === 'set-cookie') outgoing.appendHeader(name, value);
    else if (!isFraming(name)) outgoing.setHeader(name, value);
  }
  for (const cookie of session?.cookies ?? []) outgoing.appendHeader('Set-Cookie', cookie);
}

/** A header of the configuration (`static`) for guarded files: it must not make them public. */
export function guardedHeader(header: FileHeader): FileHeader[] {
  const name = header.key.toLowerCase();
  if (name === 'cache-control') return [];
  return name === 'vary' ? [{ ...header, value: withCookie(header.value) }] : [header];
}

function withCookie(vary: string): string {
  if (/(?:^|[\s,])(?:cookie|\*)(?:$|[\s,])/i.test(vary)) return vary;
  return vary === '' ? 'Cookie' : `${vary}, Cookie`;
}
