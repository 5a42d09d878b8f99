// The plain page for a status: its phrase, a sentence, and the id of the logged error. It shows no code and no paths.

import { STATUS_CODES } from 'node:http';
import { escapeString } from '../escaping/text-escaper.ts';

/** The contents of a status page. */
export interface StatusPage {
  readonly status: number;
  /** The message of the page's HttpError; undefined: the sentence for the status. */
  readonly message?: string | undefined;
  /** The id of the error in the log. */
  readonly id?: string | undefined;
  /** Hints for the developer, under debug only. */
  readonly hints?: readonly string[];
  /** The form of SEND_AGAIN, which is HTML. */
  readonly send_again?: string | undefined;
}

const SENTENCES: Readonly<Record<number, string>> = {
  400: 'The request could not be understood.',
  403: 'This request is not allowed.',
  404: 'There is nothing at this address.',
  405: 'This address does not answer such a request.',
  409: 'This is not possible any more, because something has changed meanwhile. Please go back and look.',
  413: 'What was sent is too large.',
  415: 'What was sent is in a form that is not understood here.',
  421: 'This server does not answer for this host name (allowed_hosts in its configuration says for which).',
  500: 'Something went wrong here. It has been noted.',
  503: 'This is not available at the moment. Please try again soon.',
};

/** The phrase of a status, such as "Not Found". */
export function phraseOf(status: number): string {
  return STATUS_CODES[status] ?? 'Error';
}

/** The page as HTML. */
export function statusPageHtml(page: StatusPage): string {
  const title = `${page.status} ${escapeString(phraseOf(page.status))}`;
  const parts = [`<p>${escapeString(sentenceOf(page))}</p>`];
  if (page.id !== undefined) parts.push(`<p class="id">Error id: <code>${escapeString(page.id)}</code></p>`);
  if (page.send_again !== undefined) parts.push(page.send_again);
  const hints = page.hints ?? [];
  if (hints.length > 0) parts.push(listHtml(hints));
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

/** The element is outside of the site's layout, so it needs margins. */
const HINTS_STYLE = 'width:min(100% - 2.5rem,68rem);margin:1.5rem auto';

/** The hints as a folded block at the end of another page. */
export function hintsHtml(hints: readonly string[]): string {
  return `<details style="${HINTS_STYLE}"><summary>Debug: why this page</summary>${listHtml(hints)}</details>`;
}

function listHtml(hints: readonly string[]): string {
  return `<ul>${hints.map((hint) => `<li>${escapeString(hint)}</li>`).join('')}</ul>`;
}

/** The page as plain text. */
export function statusPageText(page: StatusPage): string {
  const lines = [`${page.status} ${phraseOf(page.status)}`, sentenceOf(page)];
  if (page.id !== undefined) lines.push(`Error id: ${page.id}`);
  for (const hint of page.hints ?? []) lines.push(`- ${hint}`);
  return `${lines.join('\n')}\n`;
}

function sentenceOf(page: StatusPage): string {
  if (page.message !== undefined && page.message !== '') return page.message;
  return SENTENCES[page.status] ?? SENTENCES[page.status < 500 ? 400 : 500] ?? '';
}

const STYLE =
  ':root{color-scheme:light dark}' +
  'body{font:1.05rem/1.6 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh}' +
  'main{padding:2rem;max-width:40rem}h1{font-size:1.5rem;margin:0 0 .5rem}p{margin:.3rem 0}' +
  '.send-again{margin-top:1.2rem}button{font:inherit;padding:.3rem .9rem}' +
  '.id,ul{opacity:.75}code{font-family:ui-monospace,monospace;user-select:all}';
