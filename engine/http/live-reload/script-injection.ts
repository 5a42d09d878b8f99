// Puts the live-reload script into a page: only into whole HTML documents that answer a navigation, never into
// fragments, downloads and what scripts fetch.

import type { IncomingHttpHeaders } from 'node:http';
import { escapeString } from '../../escaping/text-escaper.ts';

/** Whether a response goes into a tab of its own. */
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
 * A page's Content-Security-Policy, opened for our script and its connection to this server. A header that was appended to
 * holds several policies, separated by commas; a browser applies each, so each is opened.
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

/** The nonces with which this policy lets scripts run. */
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
