// The page `/.karrigell/site` (docs/describe.md): whether the last save took effect, the last errors, the findings of `karrigell check`
// except those of types, and the description of the site. It is shown under `debug` only, to requests of the site itself, and never
// behind a proxy, because it tells of all pages.
// check-request.ts has refused other hosts before.

import { printableLines } from '../../diagnostics/printable.ts';
import { escapeString } from '../../escaping/text-escaper.ts';
import type { Finding } from '../../pages/index.ts';
import { descriptionText } from '../../pages/site-map/description-text.ts';
import { openedSiteCheck, surfacedSite } from '../../pages/site-map/opened-site.ts';
import { describedSite } from '../../pages/site-map/site-description.ts';
import { nameOfFile } from '../../pages/site-map/site-findings.ts';
import type { RequestContext } from '../request-context.ts';
import { clock } from '../request-log.ts';
import { ResponseDraft } from '../response-draft.ts';
import { reloadText, saveText } from './last-save.ts';
import type { PastError } from './site-history.ts';
import { SITE_PAGE } from './site-page-path.ts';

/** Answers a request for the page. Any other request costs one comparison. */
export function showSite(context: RequestContext): void | Promise<void> {
  if (context.target.path !== SITE_PAGE || !mayShow(context)) return undefined;
  return sitePage(context).then((body) => {
    const draft = new ResponseDraft(context.request);
    draft.headers.set('Content-Security-Policy', POLICY);
    draft.headers.set('Cache-Control', 'no-store');
    context.response = { status: 200, body, type: 'text/html; charset=utf-8', draft, quiet: true };
  });
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/** Headers that proxies add. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

function mayShow({ request, incoming, misdirected, settings: { config } }: RequestContext): boolean {
  if (!config.debug || config.trust_proxy !== false || misdirected) return false;
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (FORWARDED.some((name) => incoming.headers[name] !== undefined)) return false;
  const from = incoming.headers['sec-fetch-site'];
  return from === undefined || from === 'none' || from === 'same-origin';
}

async function sitePage({ site, settings: { config }, shown_files }: RequestContext): Promise<string> {
  const { pages, history } = site;
  const files = pages.files();
  shown_files?.note(files);
  const opened = { pages, files, error_pages: config.error_pages, outside_paths: config.outside_paths };
  const single = await pages.check(files);
  const between = openedSiteCheck(opened, single).findings(() => undefined);
  const broken = single.flatMap((found) => (found.severity === 'error' ? [found.problem] : []));
  const saves = [saveText(history, pages, broken, config.watch), reloadText(history)];
  const findings = [...single, ...between].map((finding) => findingText(finding, pages.root));
  const text = descriptionText(describedSite(surfacedSite(opened)), (_, heading) => heading);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>The site</title><style>body{font:1rem/1.5 system-ui;margin:2rem;color-scheme:light dark}pre{white-space:pre-wrap}</style></head>
<body>
<h1>The site</h1>
<h2>The last save</h2>
${preformatted(saves.filter((each) => each !== undefined))}
<h2>The last errors</h2>
${preformatted(history.errors.map(errorText))}
<h2>Findings</h2>
${preformatted(findings)}
<h2>Pages</h2>
${preformatted([text])}
</body>
</html>
`;
}

function preformatted(texts: readonly string[]): string {
  return `<pre>${texts.length === 0 ? 'none' : escapeString(printableLines(texts.join('\n')))}</pre>`;
}

/** The lines of an error are indented, so that none looks like the beginning of another error. */
function errorText({ time, message, text, times }: PastError): string {
  const head = `${clock(time)} ${message}${times === 1 ? '' : ` (${times} times)`}`;
  return text === '' ? head : `${head}\n${text}`.replace(/\n/g, '\n    ');
}

function findingText(finding: Finding, root: string): string {
  const {
    code,
    text,
    remedy,
    file = root,
    line = 1,
    column = 1,
  } = finding.severity === 'error' ? finding.problem : finding.warning;
  return `${finding.severity} ${nameOfFile(root, file)}:${line}:${column} ${code}: ${text}\n    ${remedy}`;
}
