// What start-up prints: the URL, the number of pages, the session store, debug where it is on, and a configuration file that is
// not in the current folder; nothing else.

import { dirname } from 'node:path';
import { printableLine } from '../diagnostics/printable.ts';

/** What there is to say once a server listens. */
export interface Announcement {
  readonly url: string;
  readonly pages: number;
  readonly sessions: string;
  readonly debug: boolean;
}

/**
 * The lines of an announcement.
 * @param file the configuration file, if there is one
 */
export function announcement(
  { url, pages, sessions, debug }: Announcement,
  file: string | undefined,
  current_folder: string,
): string {
  const lines = [url, `${pages} ${pages === 1 ? 'page' : 'pages'}`, `sessions: ${sessions}`];
  if (debug) lines.push('debug: on (error pages show source)');
  if (file !== undefined && dirname(file) !== current_folder)
    lines.push(`configuration: ${printableLine(file)}`);
  return `${lines.join('\n')}\n`;
}
