// The names of all values of a memcached server. Only its crawler lists them, in lines that the client cannot parse, so they come over a
// connection of their own.

import { createConnection, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../../diagnostics/problem.ts';
import { messageOf } from '../../../diagnostics/thrown.ts';
import { CALL_TIMEOUT_MS } from '../locking/driver-calls.ts';

/** The pause while another client uses the crawler. */
const BUSY_MS = 50;
const BUSY_TRIES = 100;

/**
 * 'hash' lists the whole table. Older servers know 'all' only, which goes by last use: a value that is used meanwhile may be left
 * out or listed twice.
 */
const ORDERS = ['hash', 'all'];

/** The wanted names. They are collected at once, because the crawler of the server waits for a slow reader. */
export async function storedNames(
  server: string,
  isWanted: (name: string) => boolean,
): Promise<readonly string[]> {
  const names = new Set<string>();
  let end = '';
  for (const order of ORDERS) {
    end = await dumpUnlessBusy(server, order, (line) => {
      const name = decodedName(/^key=(\S+)/.exec(line)?.[1] ?? '');
      if (isWanted(name)) names.add(name);
    });
    if (end === 'END') return [...names];
  }
  const reason = `${end} (its sessions cannot be listed: it is older than 1.4.31, or was started with -X)`;
  throw new Problem('session-server-refused', { params: { reason } });
}

/** A name from its percent encoding, one character for each byte: names of other programs need not be UTF-8. */
function decodedName(name: string): string {
  return name.replace(/%([0-9a-f]{2})/gi, (_, byte: string) =>
    String.fromCharCode(Number.parseInt(byte, 16)),
  );
}

async function dumpUnlessBusy(server: string, order: string, take: (line: string) => void): Promise<string> {
  for (let tries = 1; ; tries++) {
    const end = await dump(server, order, take);
    if (!end.startsWith('BUSY') || tries === BUSY_TRIES) return end;
    await pause(BUSY_MS);
  }
}

/** Passes each line of a dump to `take`. Returns the line that ended it. */
async function dump(server: string, order: string, take: (line: string) => void): Promise<string> {
  const socket = connectTo(server);
  socket.write(`lru_crawler metadump ${order}\r\n`);
  try {
    let rest = '';
    for await (const chunk of socket) {
      const lines = `${rest}${chunk}`.split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('key=')) return line;
        take(line);
      }
    }
    throw new Error('the server ended the connection');
  } catch (cause) {
    const reason = `${server}: ${messageOf(cause)}`;
    throw new Problem('session-store-unavailable', { params: { reason }, cause });
  } finally {
    socket.destroy();
  }
}

function connectTo(server: string): Socket {
  const [host = '', port] = server.split(':');
  const socket = createConnection({ host, port: Number(port) }).setEncoding('latin1');
  socket.setTimeout(CALL_TIMEOUT_MS, () =>
    socket.destroy(new Error(`no answer within ${CALL_TIMEOUT_MS / 1000} s`)),
  );
  return socket;
}
