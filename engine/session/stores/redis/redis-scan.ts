// Going through the names of servers in small steps, for listings and for an operator's sweep.

/** How many names the server looks at in one step: well under a millisecond. */
const PAGE = 500;

/** How many entries are asked about before the answers are waited for: visitors have answers in between. */
const ASKED_AT_ONCE = 50;

/** A server whose names are gone through. */
interface ScannedServer {
  send(command: string[]): Promise<unknown>;
}

/** The names of a pattern, each once, in groups that are small enough to ask about at once. */
export async function* scannedNames(
  servers: readonly ScannedServer[],
  pattern: string,
): AsyncGenerator<readonly string[]> {
  // A server that grows its tables gives some names twice, and two servers a name that moves from one to the other.
  const seen = new Seen();
  for (const server of servers) {
    let cursor = '0';
    do {
      const reply = await server.send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', String(PAGE)]);
      const [next, page] = Array.isArray(reply) ? reply : [];
      const names = Array.isArray(page) ? page.map(String).filter((name) => seen.isFirst(name)) : [];
      for (let first = 0; first < names.length; first += ASKED_AT_ONCE)
        yield names.slice(first, first + ASKED_AT_ONCE);
      cursor = String(next ?? '0');
    } while (cursor !== '0');
  }
}

/** Names that were seen, in many small sets: one that grows to a million is copied at a go, for tens of milliseconds. */
class Seen {
  readonly #parts = new Map<string, Set<string>>();

  /** Whether it was not seen before. */
  isFirst(name: string): boolean {
    // The end of a session's key, which is a hash.
    const part = name.slice(-5);
    const names = this.#parts.get(part) ?? new Set();
    this.#parts.set(part, names);
    return names.size < names.add(name).size;
  }
}
