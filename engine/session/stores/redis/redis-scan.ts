// All names of a pattern, read in small steps for a listing.

/** The names that the server looks at in one step, in well under a millisecond. */
const SCANNED_NAMES = 500;

/** The names of one group. Other commands get their answers between two groups. */
const GROUP = 50;

/** A server whose names are read. */
interface ScannedServer {
  send(command: string[]): Promise<unknown>;
}

/**
 * The names of a pattern in groups, each name once. A server that resizes its tables returns some names twice, and while a name moves
 * between two servers both return it.
 */
export async function* scannedNames(
  servers: readonly ScannedServer[],
  pattern: string,
): AsyncGenerator<readonly string[]> {
  const seen = new Set<string>();
  for (const server of servers) {
    let cursor = '0';
    do {
      const reply = await server.send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', String(SCANNED_NAMES)]);
      const [next, page] = Array.isArray(reply) ? reply : [];
      const names = Array.isArray(page) ? page.map(String) : [];
      const fresh = names.filter((name) => seen.size < seen.add(name).size);
      for (let first = 0; first < fresh.length; first += GROUP) yield fresh.slice(first, first + GROUP);
      cursor = String(next ?? '0');
    } while (cursor !== '0');
  }
}
