// What start-up prints: the URL, the number of pages, the session store, and debug where it is on; nothing else.

/** What there is to say once a server listens. */
export interface Announcement {
  readonly url: string;
  readonly pages: number;
  readonly sessions: string;
  readonly debug: boolean;
}

/** The lines of an announcement. */
export function announcement({ url, pages, sessions, debug }: Announcement): string {
  const lines = [url, `${pages} ${pages === 1 ? 'page' : 'pages'}`, `sessions: ${sessions}`];
  if (debug) lines.push('debug: on (error pages show source)');
  return `${lines.join('\n')}\n`;
}
