// The hosts that a server answers for (docs/configuration.md, `allowed_hosts`). Under debug, a host name that a stranger can
// register is refused unless it is listed. Otherwise that stranger's page could read source code after the name was rebound to
// this machine (DNS rebinding).

import { type HostName, parsedHost, parsedHostPattern } from '../../config/host-name.ts';
import type { Config } from '../../config/schema.ts';

/** The result of the rules for one host. */
export type HostVerdict = 'answered' | 'refused' | 'no host';

/** The number of cached verdicts. Nearly all requests name the same few hosts. */
const MOST_KEPT = 32;

/** The rules of one configuration. */
export class HostRules {
  /** Whether the Host line must be allowed even if a trusted proxy names another host. */
  readonly strict: boolean;
  readonly #open: boolean;
  readonly #names = new Set<string>();
  readonly #domains: string[] = [];
  readonly #kept = new Map<string, HostVerdict>();

  /** @throws TypeError for an entry that is not a host */
  constructor({ allowed_hosts, debug, host }: Pick<Config, 'allowed_hosts' | 'debug' | 'host'>) {
    this.strict = debug;
    this.#open = !debug && allowed_hosts.length === 0;
    for (const entry of allowed_hosts) this.#add(entry);
    const own = debug ? parsedHostPattern(host) : undefined;
    if (own !== undefined) this.#names.add(own.name);
  }

  /** @param host the text of a Host line; undefined if the request names none */
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

/** Whether a host is an address, or a name that always resolves to this machine (RFC 6761, 6.3). */
function isLocal({ name, is_address }: HostName): boolean {
  return is_address || name === 'localhost' || name.endsWith('.localhost');
}
