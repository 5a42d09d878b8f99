// memcached for tests: servers of our own on free ports, which a test may stop, freeze and start again.

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { createConnection } from 'node:net';
import { userInfo } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../free-port.ts';
import { ServerProcess } from '../../server-process.ts';

/** Where a package manager may put it. */
const PROGRAMS = ['memcached', '/usr/bin/memcached', '/usr/local/bin/memcached'];

const program = PROGRAMS.find((name) => {
  try {
    execFileSync(name, ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

function canBeLoaded(driver: string): boolean {
  try {
    createRequire(import.meta.url)(driver);
    return true;
  } catch {
    return false;
  }
}

const driverThere = canBeLoaded('memcache-client');

/** Whether this machine has a server to start, and the driver can be loaded. */
export const isUsable = program !== undefined && driverThere;

/** The reason why it is not usable. */
export const whyNot = driverThere
  ? 'memcached is not installed'
  : 'memcached: its driver memcache-client cannot be loaded; npm ci installs what it needs';

/** A server of our own. */
export class MemcachedServer {
  readonly #port: number;
  readonly #options: readonly string[];
  readonly #process = new ServerProcess();

  private constructor(port: number, options: readonly string[]) {
    this.#port = port;
    this.#options = options;
  }

  /** One that does not run yet. */
  static async prepare(...options: string[]): Promise<MemcachedServer> {
    return new MemcachedServer(await freePort(), options);
  }

  static async start(...options: string[]): Promise<MemcachedServer> {
    const server = await MemcachedServer.prepare(...options);
    await server.start();
    return server;
  }

  /** As the store's option has it. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async start(): Promise<void> {
    const fixed = ['-l', '127.0.0.1', '-p', String(this.#port), '-U', '0', '-t', '2'];
    const user = userInfo().uid === 0 ? ['-u', 'root'] : [];
    await this.#process.start(program ?? 'memcached', [...fixed, ...user, ...this.#options], async () =>
      (await this.command('version').catch(() => '')).startsWith('VERSION'),
    );
  }

  /** The reply to one command line, up to the first of these ends. */
  async command(...lines: string[]): Promise<string> {
    const socket = createConnection({ host: '127.0.0.1', port: this.#port }).setEncoding('utf8');
    socket.write(`${lines.join('\r\n')}\r\n`);
    let answer = '';
    try {
      for await (const chunk of socket) {
        answer += chunk;
        if (/(^|\n)(END|[A-Z_]{2,}( [^\n]*)?)\r\n$/.test(answer) && !/^VALUE [^\n]*\r\n$/.test(answer)) break;
      }
    } finally {
      socket.destroy();
    }
    return answer;
  }

  /** The value under a name; undefined: there is none. */
  async value(name: string): Promise<string | undefined> {
    const answer = await this.command(`get ${name}`);
    if (!answer.startsWith('VALUE ')) return undefined;
    return answer.slice(answer.indexOf('\r\n') + 2, answer.lastIndexOf('\r\nEND'));
  }

  /** All names that begin so; one listing at a time is all that a server gives. */
  async names(beginning: string): Promise<string[]> {
    let answer = await this.command('lru_crawler metadump hash');
    for (; answer.startsWith('BUSY'); answer = await this.command('lru_crawler metadump hash'))
      await pause(5);
    const names = answer.split(/\r?\n/).map((line) => decodeURIComponent(/^key=(\S+)/.exec(line)?.[1] ?? ''));
    return names.filter((name) => name !== '' && name.startsWith(beginning));
  }

  /** The seconds until the server forgets the value under a name; Infinity: never. */
  async secondsLeft(name: string): Promise<number> {
    const [, left = ''] = /^HD t(-?\d+)/.exec(await this.command(`mg ${name} t`)) ?? [];
    return left === '-1' ? Number.POSITIVE_INFINITY : Number(left);
  }

  /** One number of its statistics. */
  async statistic(name: string): Promise<number> {
    const answer = await this.command('stats');
    return Number(new RegExp(`STAT ${name} (\\d+)`).exec(answer)?.[1]);
  }

  /** Freezes it: connections stay, nothing is answered. */
  freeze(): Promise<void> {
    return this.#process.freeze();
  }

  thaw(): void {
    this.#process.thaw();
  }

  /** It forgets everything. */
  async stop(): Promise<void> {
    await this.#process.stop('SIGKILL');
  }
}
