// The announcement that start-up prints: the URL, the number of pages, the session store, a line if debug is on, and the configuration file if it
// is not in the current folder.

import { dirname } from 'node:path';
import { printableLine } from '../diagnostics/printable.ts';

/** The facts that start-up prints. */
export interface Announcement {
  readonly url: string;
  /** The number of pages of the site. */
  readonly pages: number;
  /** The session store, in words. */
  readonly sessions: string;
  readonly debug: boolean;
}

/**
 * The text of an announcement.
 * @param file the configuration file, if there is one
 */
export function announcementText(
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
