// What start-up prints: the URL, the number of pages and the session store, nothing else.

/** What there is to say once a server listens. */
export interface Announcement {
  readonly url: string;
  readonly pages: number;
  readonly sessions: string;
}

/** The lines of an announcement. */
export function announcement({ url, pages, sessions }: Announcement): string {
  return `${url}\n${pages} ${pages === 1 ? 'page' : 'pages'}\nsessions: ${sessions}\n`;
}
