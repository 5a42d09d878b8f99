// PHP with its own sessions in files, which it locks from session_start() to the end of the page: php-fpm under nginx, as
// PHP is run in production. PHP's processes count, nginx does not: it reads requests and keeps connections for PHP, which
// the other servers do themselves.

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

/** Finds what Debian calls by the version of PHP, and puts outside the path of a user. */
const FIND = (names: string) => `PATH="$PATH:/usr/sbin:/usr/local/sbin"
for folder in $(echo "$PATH" | tr : ' '); do for file in ${names}; do
  [ -x "$folder/$file" ] && echo "$folder/$file" && exit
  for found in "$folder"/$file[0-9]*; do [ -x "$found" ] && echo "$found" && exit; done
done; done`;

export const PHP: Contender = {
  name: 'php',
  about: 'php-fpm, locked files',
  path: COUNT,
  losesNothing: false,
  onlyByName: false,
  async missing() {
    for (const program of ['php-fpm', 'nginx']) {
      if ((await found(program)) === '') return `${program} is not installed: apt-get install php-fpm nginx`;
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
    const php = new Child([fpm, ...options, join(folder, 'fpm.conf')], { cwd: folder, pinned });
    const proxy = new Child([nginx, '-p', folder, '-c', 'nginx.conf', '-e', 'stderr'], {
      cwd: folder,
      pinned: false,
    });
    return ready(`http://127.0.0.1:${port}`, php, proxy);
  },
};

async function found(program: string): Promise<string> {
  const { stdout } = await run('sh', ['-c', FIND(program)]).catch(() => ({ stdout: '' }));
  return stdout.trim();
}

/** Code that is compiled once, as in production; without it where it is not installed. */
async function opcache(fpm: string): Promise<string[]> {
  const { stdout } = await run(fpm, ['-m']);
  return stdout.includes('Zend OPcache') ? [] : ['-d', 'zend_extension=opcache'];
}

async function ready(url: string, php: Child, proxy: Child): Promise<Running> {
  await php.until(() => proxy.until(() => true).then(() => isAnswered(url)));
  return {
    urls: [url],
    processes: [php.pid],
    async stop() {
      await proxy.stop();
      await php.stop();
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
