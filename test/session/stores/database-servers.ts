// PostgreSQL and MariaDB of our own, in temporary folders and on free ports, which a test may end and start again.

import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../free-port.ts';
import { ServerProcess } from '../../server-process.ts';
import { answers } from './databases.ts';

const run = promisify(execFile);

/** How one kind of server is made and started. */
interface Kind {
  /** The program that this machine lacks; undefined: none. */
  readonly missing: string | undefined;
  /** The user of the server if the tests run as root, because such servers refuse to run as root. */
  readonly user: string;
  make(dir: string, as: As): Promise<void>;
  command(dir: string, port: number): readonly [string, ...string[]];
  url(port: number): string;
  /** The signals that end a server with open connections: in order, and like a crash. */
  readonly signals: Readonly<Record<'ended' | 'killed', NodeJS.Signals>>;
}

/** The user as whom its programs run. */
interface As {
  readonly uid?: number;
  readonly gid?: number;
}

const POSTGRES_PROGRAMS = '/usr/lib/postgresql';

/** The newest PostgreSQL of Debian. */
function postgresFolder(): string | undefined {
  if (!existsSync(POSTGRES_PROGRAMS)) return undefined;
  const [newest] = readdirSync(POSTGRES_PROGRAMS).sort((a, b) => Number(b) - Number(a));
  return newest === undefined ? undefined : join(POSTGRES_PROGRAMS, newest, 'bin');
}

const postgres = postgresFolder() ?? '';
const mariadb = '/usr/sbin/mariadbd';

export const DATABASE_SERVERS: Readonly<Record<'postgres' | 'mysql', Kind>> = {
  postgres: {
    missing: existsSync(join(postgres, 'initdb')) ? undefined : `no PostgreSQL below ${POSTGRES_PROGRAMS}`,
    user: 'postgres',
    make: async (dir, as) => {
      await run(join(postgres, 'initdb'), ['-D', dir, '-U', 'postgres', '-A', 'trust', '--no-sync'], as);
    },
    command: (dir, port) => {
      const options = ['-D', dir, '-k', dir, '-p', String(port), '-c', 'listen_addresses=127.0.0.1'];
      return [join(postgres, 'postgres'), ...options];
    },
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    // Its children outlive a postmaster that is killed for a moment, during which no other can start: SIGQUIT ends them too,
    // and leaves as much to be recovered.
    signals: { ended: 'SIGINT', killed: 'SIGQUIT' },
  },
  mysql: {
    missing: existsSync(mariadb) ? undefined : `no MariaDB at ${mariadb}`,
    user: 'mysql',
    make: async (dir, as) => {
      const options = ['--no-defaults', `--datadir=${dir}`, '--auth-root-authentication-method=normal'];
      await run('mariadb-install-db', options, as);
    },
    command: (dir, port) => {
      const place = [`--datadir=${dir}`, `--socket=${join(dir, 'socket')}`, `--pid-file=${join(dir, 'pid')}`];
      return [mariadb, '--no-defaults', ...place, '--bind-address=127.0.0.1', `--port=${port}`];
    },
    url: (port) => `mysql://root@127.0.0.1:${port}/test`,
    signals: { ended: 'SIGTERM', killed: 'SIGKILL' },
  },
};

/** A server of our own with an empty database. */
export class DatabaseServer {
  readonly #kind: Kind;
  readonly #dir: string;
  readonly #port: number;
  readonly #as: As;
  readonly #process = new ServerProcess();

  private constructor(kind: Kind, dir: string, port: number, as: As) {
    this.#kind = kind;
    this.#dir = dir;
    this.#port = port;
    this.#as = as;
  }

  static async start(name: keyof typeof DATABASE_SERVERS): Promise<DatabaseServer> {
    const kind = DATABASE_SERVERS[name];
    const as: As = process.getuid?.() === 0 ? idsOf(kind.user) : {};
    const dir = await mkdtemp(join(tmpdir(), `karrigell-${name}-`));
    if (as.uid !== undefined && as.gid !== undefined) await chown(dir, as.uid, as.gid);
    await kind.make(dir, as);
    const server = new DatabaseServer(kind, dir, await freePort(), as);
    await server.start();
    return server;
  }

  get url(): string {
    return this.#kind.url(this.#port);
  }

  async start(): Promise<void> {
    const [command, ...args] = this.#kind.command(this.#dir, this.#port);
    const options = { ...this.#as, cwd: this.#dir };
    await this.#process.start(command, args, () => answers(this.url), options);
  }

  /** In order, or as a crash would. */
  async stop(how: 'ended' | 'killed'): Promise<void> {
    await this.#process.stop(this.#kind.signals[how]);
  }

  async remove(): Promise<void> {
    await this.stop('killed');
    await rm(this.#dir, { recursive: true, force: true });
  }
}

function idsOf(user: string): { uid: number; gid: number } {
  const [uid, gid] = ['-u', '-g'].map((option) => Number(execFileSync('id', [option, user])));
  return { uid: uid ?? 0, gid: gid ?? 0 };
}
