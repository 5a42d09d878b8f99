// The real program as a child process, for tests that need a running server: start, read what it prints,
// stop, kill and start again on the same port.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cleanEnvironment, PROGRAM } from './program.ts';

/** The site to serve, and the options of its server. */
export interface ServerOptions {
  /** The folder of pages; the demo site with its configuration by default. */
  readonly site?: string;
  /** Added to the environment, which holds no KARRIGELL_ variable otherwise. */
  readonly env?: Readonly<Record<string, string>>;
  /** More command-line options: `['--no-debug']`. */
  readonly args?: readonly string[];
  /** The file of the program; that of this repository by default. */
  readonly program?: string;
}

/** A running server. */
export interface TestServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** The process that runs now; with workers, their parent. */
  readonly pid: number;
  /** All that it has printed so far, restarts included. */
  output(): string;
  /** SIGTERM; gives the exit code (128 and the signal's number when a signal ended it). */
  stop(): Promise<number>;
  /** SIGKILL: no last words, nothing flushed. */
  kill(): Promise<void>;
  /** Stops it when it runs, and starts it again with the same options on the same port. */
  restart(): Promise<void>;
}

interface Run {
  readonly child: ChildProcess;
  readonly url: string;
  readonly exited: Promise<number>;
}

interface Transcript {
  text: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The repository's demo site. */
export const demoSite = join(root, 'site');

/** Starts the program on a free port; resolves when it has printed its URL. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const transcript: Transcript = { text: '' };
  let run = await launch(options, '0', transcript);
  const { url } = run;
  return {
    url,
    get pid() {
      return run.child.pid ?? 0;
    },
    output: () => transcript.text,
    stop: () => end(run, 'SIGTERM'),
    kill: async () => {
      await end(run, 'SIGKILL');
    },
    restart: async () => {
      await end(run, 'SIGTERM');
      run = await launch(options, new URL(url).port, transcript);
    },
  };
}

async function launch(options: ServerOptions, port: string, transcript: Transcript): Promise<Run> {
  const place =
    options.site === undefined ? ['--config', join(root, 'karrigell.config.json')] : [options.site];
  const child = spawn(
    process.execPath,
    [options.program ?? PROGRAM, 'serve', ...place, '--port', port, ...(options.args ?? [])],
    {
      cwd: options.site === undefined ? root : dirname(options.site),
      env: { ...cleanEnvironment(), NO_COLOR: '1', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const killAtExit = (): boolean => child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const exited = once(child, 'exit').then(([code, signal]: (number | NodeJS.Signals | null)[]) => {
    process.off('exit', killAtExit);
    return typeof code === 'number'
      ? code
      : 128 + (typeof signal === 'string' ? constants.signals[signal] : 0);
  });
  return { child, exited, url: await printedUrl(child, exited, transcript) };
}

function printedUrl(child: ChildProcess, exited: Promise<number>, transcript: Transcript): Promise<string> {
  const before = transcript.text.length;
  return new Promise((resolve, reject) => {
    const hear = (chunk: string): void => {
      transcript.text += chunk;
      const url = /https?:\/\/[^\s/]+:\d+/.exec(transcript.text.slice(before))?.[0];
      if (url !== undefined) resolve(url);
    };
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', hear);
    child.once('error', reject);
    exited.then(
      (code) => reject(new Error(`the server ended with ${code} before it listened:\n${transcript.text}`)),
      reject,
    );
  });
}

async function end(run: Run, signal: NodeJS.Signals): Promise<number> {
  run.child.kill(signal);
  return run.exited;
}
