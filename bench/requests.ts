// Requests per second of a plain page and of a session page, in memory and in the JSON store, beside a bare node:http
// server that sends the same bytes. The servers are measured in alternating rounds; medians and ratios are printed.
// Needs wrk. Run: npm run bench

import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const SECONDS = Number(process.env.BENCH_SECONDS ?? 3);
const CONNECTIONS = 20;

const program = fileURLToPath(new URL('../engine/cli/main.js', import.meta.url));

const PLAIN = `<!doctype html>
<title>Plain</title>
<h1>Hello</h1>
<ul><% for (const fruit of ['apple', 'pear', '<plum>']) { %><li><%= fruit %></li><% } %></ul>
`;
const SESSION = `<!doctype html>
<title>Session</title>
<% const s = Session(); s.count = s.get('count', 0) + 1 %><p><%= s.count %></p>
`;
const BARE = `
import { createServer } from 'node:http';
const escape = (s) => s.replace(/[&<>"']/g, (c) => '&#' + c.charCodeAt(0) + ';');
createServer((request, response) => {
  let list = '';
  for (const fruit of ['apple', 'pear', '<plum>']) list += '<li>' + escape(fruit) + '</li>';
  const body = '<!doctype html>\\n<title>Plain</title>\\n<h1>Hello</h1>\\n<ul>' + list + '</ul>\\n';
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });
`;

interface Contender {
  readonly name: string;
  readonly path: string;
  readonly start: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Each connection sends the cookie that it got. */
  readonly session?: boolean;
}

/** Sends back the cookie of the first response, so that every thread has one session. */
const KEEP_COOKIE = `
local cookie
function request() return wrk.format('GET', nil, cookie and { Cookie = cookie } or nil) end
function response(status, headers)
  if status ~= 200 then io.stderr:write('status ' .. status .. '\\n') end
  if not cookie and headers['Set-Cookie'] then cookie = headers['Set-Cookie']:match('^[^;]+') end
end
`;

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'karrigell-bench-'));
  const site = join(folder, 'site');
  await mkdir(site);
  await writeFile(join(site, 'plain.pih'), PLAIN);
  await writeFile(join(site, 'session.pih'), SESSION);
  await writeFile(join(folder, 'bare.mjs'), BARE);
  await writeFile(join(folder, 'cookie.lua'), KEEP_COOKIE);
  const serve = [program, 'serve', site, '--port', '0', '--no-debug'];
  const json = JSON.stringify({ store: 'json', dir: join(folder, 'sessions') });
  const contenders: Contender[] = [
    { name: 'node:http, bare', path: '/', start: [join(folder, 'bare.mjs')] },
    { name: 'plain page', path: '/plain', start: serve },
    { name: 'session page, memory', path: '/session', start: serve, session: true },
    {
      name: 'session page, json',
      path: '/session',
      start: serve,
      environment: { KARRIGELL_PERSISTENT_SESSION: json },
      session: true,
    },
  ];
  const servers = await Promise.all(contenders.map((contender) => started(contender, folder)));
  try {
    await report(contenders, servers, folder);
  } finally {
    for (const server of servers) server.child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

async function report(
  contenders: readonly Contender[],
  servers: readonly Server[],
  folder: string,
): Promise<void> {
  const rates = contenders.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, contender] of contenders.entries()) {
      const rate = await measured(`${servers[index]?.url}${contender.path}`, contender, folder);
      if (round > 0) rates[index]?.push(rate);
    }
  }
  const medians = rates.map(median);
  console.log(`${ROUNDS} rounds of ${SECONDS} s each, ${CONNECTIONS} connections, Node ${process.version}`);
  for (const [index, contender] of contenders.entries()) {
    const [rate = 0, bare = 1] = [medians[index], medians[0]];
    const spread = (rates[index] ?? []).map((value) => Math.round(value)).sort((a, b) => a - b);
    console.log(
      `${contender.name.padEnd(24)} ${Math.round(rate).toString().padStart(7)} requests/s   ` +
        `${(rate / bare).toFixed(2)} of bare   (${spread[0]} to ${spread.at(-1)})`,
    );
  }
}

interface Server {
  readonly child: ReturnType<typeof spawn>;
  readonly url: string;
}

function started(contender: Contender, cwd: string): Promise<Server> {
  const environment = {
    ...process.env,
    KARRIGELL_LOG: 'false',
    NODE_ENV: 'production',
    ...contender.environment,
  };
  const child = spawn(process.execPath, contender.start, {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    let output = '';
    child.once('exit', () => reject(new Error(`${contender.name} did not start: ${output}`)));
    child.stdout?.on('data', (data: Buffer) => {
      output += data.toString();
      const url = /http:\/\/[\d.:]+/.exec(output)?.[0];
      if (url !== undefined) resolve({ child, url });
    });
  });
}

async function measured(url: string, contender: Contender, folder: string): Promise<number> {
  const script = contender.session ? ['-s', join(folder, 'cookie.lua')] : [];
  const args = ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, ...script, url];
  const { stdout, stderr } = await promisify(execFile)('wrk', args);
  if (stderr !== '' || /Non-2xx/.test(stdout)) throw new Error(`${contender.name}: ${stdout}${stderr}`);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

await main();
