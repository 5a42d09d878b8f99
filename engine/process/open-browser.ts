// Opens a URL in the browser with the platform's own command. If that fails, the server keeps running.

import { spawn } from 'node:child_process';
import type { Say } from './messages.ts';

const COMMANDS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/** Shows a URL in the browser. Logs a warning if the platform's command cannot be started. */
export function openBrowser(url: string, say: Say, platform: string = process.platform): void {
  const [command, ...args] = COMMANDS[platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.once('error', () => say('warn', `no browser could be opened (${command}); the URL is ${url}`));
  child.unref();
}
