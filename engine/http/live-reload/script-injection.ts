// The script element of live reload, and the Content-Security-Policy that permits it. Only responses to navigations get the
// script, because a script of the page may fetch HTML, too.

import type { IncomingHttpHeaders } from 'node:http';
import { escapeString } from '../../escaping/text-escaper.ts';

/** Whether a request is a navigation of a tab or frame. */
export function answersNavigation(headers: IncomingHttpHeaders): boolean {
  const mode = headers['sec-fetch-mode'];
  if (mode !== undefined) return mode === 'navigate';
  return /\btext\/html\b/i.test(headers.accept ?? '');
}

/** The element that loads the script; `data` becomes its data attributes. */
export function scriptElement(
  src: string,
  data: Readonly<Record<string, string>>,
  nonce: string | undefined,
): string {
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escapeString(value)}"`);
  const own = nonce === undefined ? '' : ` nonce="${escapeString(nonce)}"`;
  return `<script src="${escapeString(src)}" defer${own}${attributes.join('')}></script>`;
}

type Directives = Map<string, string[]>;

/**
 * A page's Content-Security-Policy, extended so that it permits the script of live reload and its connection. A header may
 * contain several policies, separated by commas. A browser applies all of them, so each one is extended.
 */
export function admittingPolicy(policy: string): {
  readonly policy: string;
  readonly nonce: string | undefined;
} {
  const policies = policy.split(',').map(directivesOf);
  const [nonce] = policies.flatMap(noncesOf);
  for (const directives of policies) {
    if (nonce === undefined || !noncesOf(directives).includes(nonce))
      admit(directives, directives.has('script-src-elem') ? 'script-src-elem' : 'script-src');
    admit(directives, 'connect-src');
  }
  return { policy: policies.map(policyText).join(', '), nonce };
}

function directivesOf(policy: string): Directives {
  const directives: Directives = new Map();
  for (const part of policy.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/);
    if (name !== undefined && name !== '' && !directives.has(name.toLowerCase()))
      directives.set(name.toLowerCase(), sources);
  }
  return directives;
}

/** The nonces of scripts that a policy permits. */
function noncesOf(directives: Directives): string[] {
  const scripts =
    directives.get('script-src-elem') ?? directives.get('script-src') ?? directives.get('default-src') ?? [];
  return scripts.flatMap((source) => /^'nonce-(.+)'$/.exec(source)?.[1] ?? []);
}

function policyText(directives: Directives): string {
  return [...directives].map(([name, sources]) => [name, ...sources].join(' ')).join('; ');
}

function admit(directives: Directives, name: string): void {
  const sources = directives.get(name) ?? directives.get('default-src');
  if (sources === undefined || sources.includes("'self'")) return;
  directives.set(name, [...sources.filter((source) => source !== "'none'"), "'self'"]);
}
