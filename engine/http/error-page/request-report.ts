// The request on the developer page: its line, headers, fields, uploads and session, with masked secrets.

import { shortenedText } from '../../diagnostics/thrown.ts';
import type { IsSecret } from '../../forms/secret-fields.ts';
import { parsedFields, queryRecord } from '../form-fields.ts';
import type { RequestContext } from '../request-context.ts';
import { MASK, maskedCookies, maskedQuery, maskedText, shownValue } from './mask-secrets.ts';

/** The rows of a section. A longer section ends with the number of omitted rows. */
const MOST_ROWS = 100;

type SectionRows = readonly (readonly [name: string, value: string])[];

/** A section of the page. */
export interface RequestSection {
  readonly title: string;
  readonly rows: SectionRows;
}

/** The method and the URL with masked secrets, such as "GET /cart?step=2". */
export function requestLine(context: RequestContext): string {
  const { method, path } = context.request;
  return `${method} ${shortenedText(path, 2000)}${shortenedText(
    maskedQuery(context.target.search, (name) => context.isSecret(name)),
    2000,
  )}`;
}

/** The sections that have rows. */
export function requestSections(context: RequestContext): RequestSection[] {
  const isSecret: IsSecret = (name) => context.isSecret(name);
  const sections: RequestSection[] = [
    { title: 'Fields', rows: fieldRows(context, isSecret) },
    { title: 'Files', rows: fileRows(context) },
    { title: 'Warning', rows: warningRows(context) },
    { title: 'Session', rows: rowsOf(context.session?.snapshot(), isSecret) },
    { title: 'Request headers', rows: headerRows(context, isSecret) },
  ];
  return sections.filter((section) => section.rows.length > 0);
}

function warningRows({ session }: RequestContext): SectionRows {
  return session?.lost_cookie === undefined ? [] : [['Session cookie', session.lost_cookie]];
}

function fieldRows(context: RequestContext, isSecret: IsSecret): SectionRows {
  try {
    const query = parsedFields(context.target.search, context.settings.config.limits);
    return rowsOf(queryRecord(query, context.body?.fields), isSecret);
  } catch {
    // The fields are malformed, which is the error that is shown.
    return [];
  }
}

function fileRows(context: RequestContext): SectionRows {
  const rows: [string, string][] = [];
  for (const [name, files] of context.body?.files ?? []) {
    for (const file of files)
      rows.push([name, `${maskedText(file.name)} (${file.type}, ${file.size} bytes)`]);
  }
  return rows;
}

function headerRows(context: RequestContext, isSecret: IsSecret): SectionRows {
  const rows: [string, string][] = [];
  for (const [name, value] of context.request.headers) rows.push([name, shownHeader(name, value, isSecret)]);
  return rows;
}

function shownHeader(name: string, value: string, isSecret: IsSecret): string {
  if (name === 'cookie') return maskedCookies(value);
  if (name === 'referer') return value.replace(/\?.*$/s, `?${MASK}`);
  return isSecret(name) ? MASK : maskedText(value);
}

function rowsOf(record: Readonly<Record<string, unknown>> | undefined, isSecret: IsSecret): SectionRows {
  const names = Object.keys(record ?? {});
  const rows = names.slice(0, MOST_ROWS).map((name): [string, string] => {
    return [shortenedText(name, 200), shownValue(name, record?.[name], isSecret)];
  });
  if (names.length > MOST_ROWS) rows.push(['…', `and ${names.length - MOST_ROWS} more`]);
  return rows;
}
