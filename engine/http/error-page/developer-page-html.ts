// The developer page: HTML without scripts. It shows the message, the remedy, the source lines, the stack with folded frames of
// packages, the causes, and the request. Secrets in its values are masked before; all values are escaped here.

import { relative, sep } from 'node:path';
import { escapeString } from '../../escaping/text-escaper.ts';
import { phraseOf } from '../status-page.ts';
import { STYLE } from './developer-page-style.ts';
import { editorLink } from './editor-link.ts';
import type { ErrorFrame } from './error-frames.ts';
import type { ErrorPosition, ErrorReport } from './error-report.ts';
import type { RequestSection } from './request-report.ts';

/** The contents of the page. */
export interface ErrorPage {
  readonly status: number;
  /** The method and the URL. */
  readonly line: string;
  /** The id of the error in the log. */
  readonly id: string | undefined;
  readonly reports: readonly ErrorReport[];
  readonly sections: readonly RequestSection[];
  readonly editor: string | null;
  readonly root: string;
  /** The form of SEND_AGAIN, which is HTML; '' if there is none. */
  readonly send_again: string;
}

/** The whole document. */
export function errorPageHtml(page: ErrorPage): string {
  const [first, ...causes] = page.reports;
  const title = first === undefined ? phraseOf(page.status) : `${first.name}: ${first.message}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeString(title.slice(0, 200))}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="line"><span class="status">${page.status} ${escapeString(phraseOf(page.status))}</span> <code>${escapeString(page.line)}</code></p>
${first === undefined ? '' : reportHtml(first, page)}
${causes.map((cause) => `<section class="cause"><p class="label">Caused by</p>${reportHtml(cause, page)}</section>`).join('\n')}
${page.send_again}
${page.sections.map(sectionHtml).join('\n')}
<footer>${page.id === undefined ? '' : `Error id <code>${escapeString(page.id)}</code> in the log. `}This page is shown because <code>debug</code> is on.</footer>
</main>
</body>
</html>
`;
}

function reportHtml(report: ErrorReport, page: ErrorPage): string {
  const remedy = report.remedy === undefined ? '' : `<p class="remedy">${escapeString(report.remedy)}</p>`;
  return `<header>
<p class="name">${escapeString(report.name)}</p>
<h1>${escapeString(report.message)}</h1>
${remedy}
</header>
${report.position === undefined ? '' : positionHtml(report.position, page)}
${report.caller === undefined ? '' : positionHtml(report.caller, page)}
${framesHtml(report.frames, page)}`;
}

function positionHtml(position: ErrorPosition, page: ErrorPage): string {
  const where = linkHtml(
    `${position.name}:${position.line}:${position.column}`,
    position.file,
    position.line,
    position.column,
    page,
  );
  const rows = position.lines.map(({ number, text, caret }) => {
    const gutter = `<span class="number">${number}</span>`;
    if (caret === undefined) return `<div class="row">${gutter}<code>${escapeString(text)}</code></div>`;
    const indent = text.slice(0, caret - 1).replace(/[^\t]/g, ' ');
    return `<div class="row here">${gutter}<code>${escapeString(text)}\n${indent}<b>^</b></code></div>`;
  });
  const code =
    rows.length === 0 ? '' : `<div class="code" role="region" aria-label="Source">${rows.join('')}</div>`;
  return `<section class="place"><p class="where">${where}</p>${code}</section>`;
}

/** Frames of the site are shown; each run of other frames is folded. */
function framesHtml(frames: readonly ErrorFrame[], page: ErrorPage): string {
  if (frames.length === 0) return '';
  const parts: string[] = [];
  let foreign: ErrorFrame[] = [];
  const fold = () => {
    if (foreign.length > 0) parts.push(foldedHtml(foreign));
    foreign = [];
  };
  for (const frame of frames) {
    if (!frame.own) {
      foreign.push(frame);
      continue;
    }
    fold();
    parts.push(`<li>${ownFrameHtml(frame, page)}</li>`);
  }
  fold();
  return `<section><h2>Stack</h2><ol class="stack">${parts.join('')}</ol></section>`;
}

function ownFrameHtml(frame: ErrorFrame, page: ErrorPage): string {
  const name = relative(page.root, frame.file ?? '')
    .split(sep)
    .join('/');
  const where = linkHtml(
    `${name}:${frame.line}:${frame.column}`,
    frame.file ?? '',
    frame.line,
    frame.column,
    page,
  );
  return `${where}${frame.caller === '' ? '' : ` <span class="caller">${escapeString(frame.caller)}</span>`}`;
}

function foldedHtml(frames: readonly ErrorFrame[]): string {
  const rows = frames.map((frame) => `<div>${escapeString(frame.text)}</div>`).join('');
  return `<li class="foreign"><details><summary>${frames.length} of packages</summary>${rows}</details></li>`;
}

function linkHtml(text: string, file: string, line: number, column: number, page: ErrorPage): string {
  const link = editorLink(page.editor, file, line, column);
  if (link === undefined) return `<code>${escapeString(text)}</code>`;
  return `<a href="${escapeString(link)}" title="Open in the editor"><code>${escapeString(text)}</code></a>`;
}

function sectionHtml({ title, rows }: RequestSection): string {
  const body = rows.map(
    ([name, value]) => `<tr><th scope="row">${escapeString(name)}</th><td>${escapeString(value)}</td></tr>`,
  );
  // The headers are folded, because they are many and seldom needed.
  const open = title === 'Request headers' ? '' : ' open';
  return `<details class="section"${open}><summary>${escapeString(title)}</summary><table>${body.join('')}</table></details>`;
}
