// Which hosts a server answers for (contract section 3, allowed_hosts). Under debug only names that no other site can have:
// else a page of that site, whose name is rebound to this machine, could read source code and paths.

import { type HostName, parsedHost, parsedHostPattern } from '../../config/host-name.ts';
import type { Config } from '../../config/schema.ts';

/** What the rules say of one host. */
export type HostVerdict = 'answered' | 'refused' | 'no host';

/** Verdicts that are kept: nearly all requests name the same few hosts. */
const MOST_KEPT = 32;

/** The rules of one configuration. */
export class HostRules {
  /** Whether the Host line itself must be allowed even where a trusted proxy names another host. */
  readonly strict: boolean;
  readonly #open: boolean;
  readonly #names = new Set<string>();
  readonly #domains: string[] = [];
  readonly #kept = new Map<string, HostVerdict>();

  /** @throws TypeError for an entry that is no host */
  constructor({ allowed_hosts, debug, host }: Pick<Config, 'allowed_hosts' | 'debug' | 'host'>) {
    this.strict = debug;
    this.#open = !debug && allowed_hosts.length === 0;
    for (const entry of allowed_hosts) this.#add(entry);
    const own = debug ? parsedHostPattern(host) : undefined;
    if (own !== undefined) this.#names.add(own.name);
  }

  /** @param host the text of a Host line, or undefined where the request names none */
  verdictOn(host: string | undefined): HostVerdict {
    if (host === undefined) return this.#open ? 'answered' : 'refused';
    const known = this.#kept.get(host);
    if (known !== undefined) return known;
    const verdict = this.#judged(host);
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear();
    this.#kept.set(host, verdict);
    return verdict;
  }

  #add(entry: string): void {
    const pattern = parsedHostPattern(entry);
    if (pattern === undefined)
      throw new TypeError(`allowed_hosts has ${JSON.stringify(entry)}, which is no host`);
    this.#names.add(pattern.name);
    if (pattern.subdomains) this.#domains.push(`.${pattern.name}`);
  }

  #judged(text: string): HostVerdict {
    const host = parsedHost(text);
    if (host === undefined) return 'no host';
    return this.#open || this.#isListed(host) || (this.strict && isLocal(host)) ? 'answered' : 'refused';
  }

  #isListed({ name }: HostName): boolean {
    return this.#names.has(name) || this.#domains.some((domain) => name.endsWith(domain));
  }
}

/** No name that a stranger can have: an address, or a name that resolves to this machine only (RFC 6761, 6.3). */
function isLocal({ name, is_address }: HostName): boolean {
  return is_address || name === 'localhost' || name.endsWith('.localhost');
}
