// Express with express-session. The packages are installed into a temporary folder, in these versions, and stay there for the next
// run. They are no dependencies of the project.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child } from './child.ts';
import type { Contender, Place } from './contender.ts';
import { COUNT, pageText } from './pages.ts';
import { missingService } from './services.ts';

const VERSIONS = {
  express: '5.3.0',
  'express-session': '1.19.0',
  'session-file-store': '1.5.0',
  'connect-redis': '10.0.0',
  redis: '6.3.1',
};

const PROGRAM = `
import express from 'express';
import session from 'express-session';

const openStore = {
  memory: async () => new session.MemoryStore(),
  async files() {
    const { default: fileStore } = await import('session-file-store');
    return new (fileStore(session))({ path: process.env.BENCH_FOLDER, logFn() {} });
  },
  async redis() {
    const [{ RedisStore }, { createClient }] = [await import('connect-redis'), await import('redis')];
    const client = createClient({ url: process.env.BENCH_REDIS });
    await client.connect();
    return new RedisStore({ client, prefix: process.env.BENCH_PREFIX });
  },
};
const store = await openStore[process.argv[2]]();
const app = express();
app.use(session({ store, secret: 'benchmark', resave: false, saveUninitialized: false }));
app.get('${COUNT}', (request, response) => {
  request.session.count = (request.session.count ?? 0) + 1;
  response.send(\`${pageText('$' + '{request.session.count}')}\`);
});
app.listen(0, '127.0.0.1', function () {
  console.log('http://127.0.0.1:' + this.address().port);
});
`;

const none = async (): Promise<Readonly<Record<string, string>>> => ({});
const redisPlace = async ({ services, number }: Place): Promise<Readonly<Record<string, string>>> => ({
  BENCH_REDIS: await services.address('redis'),
  BENCH_PREFIX: `express-${number}:`,
});

/** The rows of Express. */
export const EXPRESS: readonly Contender[] = [
  express('memory', 'express-session, memory', none),
  express('files', 'express-session, session-file-store', async ({ folder }) => ({
    BENCH_FOLDER: join(folder, 'sessions'),
  })),
  {
    ...express('redis', 'express-session, connect-redis', redisPlace),
    missing: async () => missingService('redis') ?? (await missingPackages()),
  },
];

function express(
  store: string,
  about: string,
  environmentFor: (place: Place) => Promise<Readonly<Record<string, string>>>,
): Contender {
  return {
    name: `express-${store}`,
    about,
    path: COUNT,
    losesNothing: false,
    onlyByName: false,
    missing: missingPackages,
    async start(place) {
      const environment = await environmentFor(place);
      const command = [process.execPath, join(packagesFolder(), 'server.mjs'), store];
      const server = new Child(command, { cwd: place.folder, environment, pinned: place.pinned });
      return { urls: [await server.url()], processes: [server.pid], stop: () => server.stop() };
    },
  };
}

/** The folder of these versions. */
function packagesFolder(): string {
  const hash = createHash('sha256').update(JSON.stringify(VERSIONS)).digest('hex').slice(0, 12);
  return join(tmpdir(), `karrigell-bench-peers-${hash}`);
}

/** Installs the packages, unless an earlier run has done so. */
async function missingPackages(): Promise<string | undefined> {
  const folder = packagesFolder();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies: VERSIONS }));
  await writeFile(join(folder, 'server.mjs'), PROGRAM);
  try {
    // npm writes this file last.
    await access(join(folder, 'node_modules', '.package-lock.json'));
    return undefined;
  } catch {
    console.error(`installing ${Object.keys(VERSIONS).join(', ')} into ${folder}`);
  }
  try {
    const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
    await promisify(execFile)('npm', ['install', ...options], { cwd: folder });
    return undefined;
  } catch (error) {
    const [command, reason = ''] = String(error).split('\n');
    return `its packages cannot be installed in ${folder}: ${command}: ${reason}`;
  }
}
