// PHP with its own sessions in files, which it locks from session_start() to the end of the page: php-fpm behind nginx, as in
// production. One row counts nginx too, because it reads requests and keeps connections, which the other servers do themselves. The
// other row counts only the processes of PHP.

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../test/free-port.ts';
import { Child } from './child.ts';
import type { Contender, Running } from './contender.ts';
import { COUNT, PHP_PAGE } from './pages.ts';
import { answerOf } from './visitors.ts';

const CHILDREN = 8;

const run = promisify(execFile);

const isRoot = process.getuid?.() === 0;

/** Finds a program whose name in Debian has the version of PHP, and which is not on the PATH of a user. */
const FIND = (names: string) => `PATH="$PATH:/usr/sbin:/usr/local/sbin"
for folder in $(echo "$PATH" | tr : ' '); do for file in ${names}; do
  [ -x "$folder/$file" ] && echo "$folder/$file" && exit
  for found in "$folder"/$file[0-9]*; do [ -x "$found" ] && echo "$found" && exit; done
done; done`;

/** The rows of PHP. */
export const PHP: readonly Contender[] = [
  { ...php(true), name: 'php', about: 'nginx and php-fpm, locked files; both counted' },
  { ...php(false), name: 'php-fpm', about: 'nginx and php-fpm, locked files; php-fpm alone counted' },
];

/** @param countsProxy whether nginx runs on the server's core, and its time counts */
function php(countsProxy: boolean): Omit<Contender, 'name' | 'about'> {
  return {
    path: COUNT,
    losesNothing: false,
    onlyByName: false,
    async missing() {
      for (const program of ['php-fpm', 'nginx']) {
        if ((await found(program)) === '')
          return `${program} is not installed: apt-get install php-fpm nginx`;
      }
      return undefined;
    },
    async start({ folder, pinned }) {
      const [fpm, nginx, port] = [await found('php-fpm'), await found('nginx'), await freePort()];
      await mkdir(join(folder, 'sessions'));
      await writeFile(join(folder, 'count.php'), PHP_PAGE);
      await writeFile(join(folder, 'fpm.conf'), fpmConfiguration(folder));
      await writeFile(join(folder, 'nginx.conf'), nginxConfiguration(folder, port));
      const asRoot = isRoot ? ['--allow-to-run-as-root'] : [];
      const options = [...(await opcache(fpm)), ...asRoot, '--nodaemonize', '--fpm-config'];
      const server = new Child([fpm, ...options, join(folder, 'fpm.conf')], { cwd: folder, pinned });
      const proxy = new Child([nginx, '-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
        cwd: folder,
        pinned: pinned && countsProxy,
      });
      const counted = countsProxy ? [server, proxy] : [server];
      return ready(`http://127.0.0.1:${port}`, server, proxy, counted);
    },
  };
}

async function found(program: string): Promise<string> {
  const { stdout } = await run('sh', ['-c', FIND(program)]).catch(() => ({ stdout: '' }));
  return stdout.trim();
}

/** The settings of opcache, so that code is compiled once as in production; none if it is not installed. */
async function opcache(fpm: string): Promise<string[]> {
  const { stdout } = await run(fpm, ['-m']);
  return stdout.includes('Zend OPcache') ? [] : ['-d', 'zend_extension=opcache'];
}

async function ready(url: string, server: Child, proxy: Child, counted: readonly Child[]): Promise<Running> {
  await server.until(() => proxy.until(() => true).then(() => isAnswered(url)));
  return {
    urls: [url],
    processes: counted.map(({ pid }) => pid),
    async stop() {
      await proxy.stop();
      await server.stop();
    },
  };
}

async function isAnswered(url: string): Promise<boolean> {
  try {
    await answerOf(`${url}${COUNT}`);
    return true;
  } catch {
    return false;
  }
}

function fpmConfiguration(folder: string): string {
  return `[global]
error_log = ${folder}/fpm.log
[bench]
listen = ${folder}/fpm.sock
${isRoot ? 'user = root\ngroup = root' : ''}
pm = static
pm.max_children = ${CHILDREN}
php_admin_value[session.save_path] = ${folder}/sessions
`;
}

function nginxConfiguration(folder: string, port: number): string {
  const parameters = {
    SCRIPT_FILENAME: `${folder}/count.php`,
    REQUEST_METHOD: '$request_method',
    REQUEST_URI: '$request_uri',
    QUERY_STRING: '$query_string',
    CONTENT_TYPE: '$content_type',
    CONTENT_LENGTH: '$content_length',
    SERVER_PROTOCOL: '$server_protocol',
    REMOTE_ADDR: '$remote_addr',
  };
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
${isRoot ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 1000000000;
  ${temporary.map((name) => `${name}_temp_path ${folder}/nginx-${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    location / {
      fastcgi_pass unix:${folder}/fpm.sock;
      ${Object.entries(parameters)
        .map(([name, value]) => `fastcgi_param ${name} ${value};`)
        .join('\n      ')}
    }
  }
}
`;
}
