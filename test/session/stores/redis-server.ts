// Redis and Valkey for tests: the Redis server of this machine, or one of our own when none runs; and servers that a test
// may stop, freeze and start again, on a socket in a temporary folder.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, type NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ServerProcess } from '../../server-process.ts';

/** The programs that speak this protocol. */
export type RedisName = 'redis' | 'valkey';

export const REDIS_NAMES: readonly RedisName[] = ['redis', 'valkey'];

/** The address of the machine's Redis server. Valkey is always started by the tests, because a server at this address may be Redis. */
const MACHINE = { host: '127.0.0.1', port: 6379 };

/** The first data of the reply to one command. */
async function said(where: NetConnectOpts, command: readonly string[]): Promise<string> {
  const socket = createConnection(where);
  try {
    await once(socket, 'connect');
    const words = command.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    socket.write(`*${words.length}\r\n${words.join('')}`);
    for await (const reply of socket) return String(reply);
    throw new Error(`the server closed the connection of ${command[0]}`);
  } finally {
    socket.destroy();
  }
}

/** Whether a server answers there in the protocol of Redis. */
async function answers(where: NetConnectOpts): Promise<boolean> {
  const reply = await said(where, ['PING']).catch(() => '');
  return reply.startsWith('+PONG');
}

/** Why this machine has no such server to start; undefined: it has one. */
export function whyNot(name: RedisName): string | undefined {
  try {
    execFileSync(`${name}-server`, ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${name}-server is not installed`;
  }
}

/** A server of our own. */
export class RedisServer {
  readonly dir: string;
  readonly socket: string;
  readonly #name: RedisName;
  readonly #options: readonly string[];
  readonly #process = new ServerProcess();

  private constructor(name: RedisName, dir: string, options: readonly string[]) {
    this.#name = name;
    this.dir = dir;
    this.socket = path.join(dir, 'redis.sock');
    this.#options = options;
  }

  /** Prepares a server that writes acknowledged changes to disk, so that a test may stop it and start it again. */
  static async prepare(name: RedisName, ...options: string[]): Promise<RedisServer> {
    return new RedisServer(name, await mkdtemp(path.join(tmpdir(), `karrigell-${name}-`)), options);
  }

  async start(): Promise<void> {
    const place = ['--unixsocket', this.socket, '--dir', this.dir, '--save', ''];
    // With 'everysec' a server answers before it has written, whenever the disk is slow; with 'no' it never does.
    const fixed = [...place, '--appendonly', 'yes', '--appendfsync', 'no'];
    const port = this.#options.includes('--port') ? [] : ['--port', '0'];
    await this.#process.start(`${this.#name}-server`, [...fixed, ...port, ...this.#options], () =>
      answers({ path: this.socket }),
    );
  }

  /** The reply to a short command. */
  command(...command: readonly string[]): Promise<string> {
    return said({ path: this.socket }, command);
  }

  /** Freezes it: connections stay, nothing is answered. */
  freeze(): Promise<void> {
    return this.#process.freeze();
  }

  thaw(): void {
    this.#process.thaw();
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.#process.stop(signal);
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** The server that the tests of the contract connect to. */
export interface FoundRedis {
  /** Why there is none. */
  readonly missing?: string;
  readonly options: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** The server of this machine, or one of our own. */
export async function findRedis(name: RedisName): Promise<FoundRedis> {
  const close = async () => undefined;
  if (name === 'redis' && (await answers(MACHINE))) {
    const url = `redis://${MACHINE.host}:${MACHINE.port}`;
    return { options: { url }, close };
  }
  const missing = whyNot(name);
  if (missing !== undefined) return { missing, options: {}, close };
  const server = await RedisServer.prepare(name);
  await server.start();
  return { options: { unix_socket_path: server.socket }, close: () => server.remove() };
}
