// nginx with the configuration of docs/going-live.md, in a temporary folder and on free ports. Only addresses and paths of the text are
// replaced, so that the documented configuration is tested.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import { ServerProcess } from '../server-process.ts';

const EXECUTABLE = process.env.NGINX ?? '/usr/sbin/nginx';

/** The address of nginx for the machines. The visitors have 127.0.0.1, so the machines can tell them apart. */
export const NGINX_ADDRESS = '127.0.0.2';

/** The response header with the machine that answered; `a, b` means b, after a had failed. */
export const SERVED_BY = 'x-served-by';

/** The reason why tests with nginx cannot run here; undefined if they can. */
export const nginxMissing = existsSync(EXECUTABLE)
  ? undefined
  : `nginx: there is none at ${EXECUTABLE} (install it, or set NGINX to its path)`;

/** A running nginx. */
export interface Nginx {
  /** The URL, without a slash at its end. */
  readonly http: string;
  readonly https: string;
  stop(): Promise<void>;
}

/** Starts nginx in front of two servers, each with its host and port. */
export async function startNginx(servers: readonly [string, string]): Promise<Nginx> {
  const dir = await mkdtemp(join(tmpdir(), 'karrigell-nginx-'));
  const [http, https] = await Promise.all([freePort(), freePort()]);
  await certify(dir);
  const file = join(dir, 'nginx.conf');
  await writeFile(file, configuration(dir, { http, https, servers }));
  const log = join(dir, 'error.log');
  const nginx = new ServerProcess();
  await nginx.start(EXECUTABLE, ['-p', dir, '-c', file, '-e', log], () => answers(http));
  return {
    http: `http://127.0.0.1:${http}`,
    https: `https://127.0.0.1:${https}`,
    stop: async () => {
      await nginx.stop('SIGKILL');
      await rm(dir, { recursive: true, force: true });
    },
  };
}

interface Addresses {
  readonly http: number;
  readonly https: number;
  readonly servers: readonly [string, string];
}

/** Starts nginx as one process in the foreground, which can be killed, and writes into its folder only. */
function configuration(dir: string, addresses: Addresses): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
master_process off;
pid ${dir}/nginx.pid;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${dir}/${name};`).join('\n  ')}
  proxy_bind ${NGINX_ADDRESS};
  add_header ${SERVED_BY} $upstream_addr always;
  ${shownInGuide(dir, addresses)}
}
`;
}

/** The configuration of docs/going-live.md with the addresses and paths of a test. */
function shownInGuide(dir: string, { http, https, servers }: Addresses): string {
  const guide = readFileSync(fileURLToPath(new URL('../../../docs/going-live.md', import.meta.url)), 'utf8');
  const [, shown = ''] = /```nginx\n(.*?)```/s.exec(guide) ?? [];
  const places = [
    ['listen 80;', `listen 127.0.0.1:${http};`],
    ['listen 443 ', `listen 127.0.0.1:${https} `],
    ['10.0.0.11:8080', servers[0]],
    ['10.0.0.12:8080', servers[1]],
    ['/etc/nginx/site.crt', join(dir, 'site.crt')],
    ['/etc/nginx/site.key', join(dir, 'site.key')],
  ] as const;
  return places.reduce((text, [written, meant]) => {
    if (text.split(written).length !== 2)
      throw new Error(`docs/going-live.md shows no nginx with one '${written}'`);
    return text.replace(written, meant);
  }, shown);
}

/** A self-signed certificate for a day. */
async function certify(dir: string): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const files = ['-keyout', join(dir, 'site.key'), '-out', join(dir, 'site.crt')];
  const rest = ['-days', '1', '-subj', '/CN=127.0.0.1'];
  await promisify(execFile)('openssl', ['req', '-x509', ...key, ...files, ...rest]);
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
