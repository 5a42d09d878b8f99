// Findings about forms and the pages that receive them, in both directions (docs/describe.md).

import { HOLE } from '../../compiler/outline/possible-value.ts';
import { Problem, warning } from '../../diagnostics/problem.ts';
import type { SchemaField } from '../type-check/told-schemas.ts';
import type { FormFact, FormField } from './document-forms.ts';
import type { PageSurface } from './page-surface.ts';
import { type ReadFields, targetsOf } from './received-fields.ts';
import type { SurfaceAddress } from './site-addresses.ts';
import { nameOfFile, nearestHint, type SiteFindings } from './site-findings.ts';
import type { SurfacedSite } from './site-surfaces.ts';

/** The input of a check of forms. */
export interface FormCheck {
  readonly site: SurfacedSite;
  readonly findings: SiteFindings;
  /** The fields that each page reads. */
  readonly reads: ReadonlyMap<string, ReadFields>;
  /** The pages that use Once. */
  readonly oncePages: ReadonlySet<string>;
}

/** Checks the forms of one page or of static HTML. */
export function checkForms({ forms }: PageSurface, from: SurfaceAddress, check: FormCheck): void {
  for (const form of forms) {
    checkSending(form, check.findings);
    const [target, ...others] = targetsOf(form, from, check.site);
    if (target?.kind !== 'page' || target.file === undefined || others.length > 0) continue;
    const read = check.reads.get(target.file);
    if (read === undefined) continue;
    if (check.oncePages.has(target.file)) checkToken(form, target.file, check);
    const received = { form, read, page: nameOfFile(check.site.root, target.file), findings: check.findings };
    for (const field of form.fields) checkField(field, received, target.query ?? []);
    checkRequired(received, target.query ?? []);
  }
}

/** The engine prints tokens into the forms that stand in the text of pages. */
function checkToken(
  { methods, isFromCode, place }: FormFact,
  file: string,
  { site, findings }: FormCheck,
): void {
  if (!isFromCode || !methods.includes('post')) return;
  const params = { page: nameOfFile(site.root, file) };
  findings.warn(warning('once-form-in-code', { ...findings.at(place), params }));
}

/** Mistakes that concern the form alone. */
function checkSending({ fields, methods, enctypes, isScripted }: FormFact, findings: SiteFindings): void {
  if (isScripted) return;
  const isMultipart = enctypes.some((each) => each === 'multipart/form-data' || each.includes(HOLE));
  const isGet = methods.every((method) => method !== 'post' && method !== 'dialog' && !method.includes(HOLE));
  for (const { types, names, place } of fields) {
    if (names.length === 0) continue;
    if (types.includes('file') && !isMultipart)
      findings.error(new Problem('form-enctype', findings.at(place)));
    if (types.includes('password') && isGet)
      findings.error(new Problem('form-password-get', findings.at(place)));
  }
}

/** A form with the page that receives it. */
interface Received {
  readonly form: FormFact;
  readonly read: ReadFields;
  readonly page: string;
  readonly findings: SiteFindings;
}

/** Names of fields that browsers and the engine give a meaning. */
const KNOWN_NAMES: ReadonlySet<string> = new Set(['_charset_', 'isindex']);

function checkField(
  field: FormField,
  { form, read, page, findings }: Received,
  query: readonly string[],
): void {
  for (const name of field.names) {
    if (KNOWN_NAMES.has(name) || isRead(name, read) || read.declared.has(name)) continue;
    if (field.isFromSchema && isRead(`${name}[]`, read)) continue;
    const other = name.endsWith('[]') ? name.slice(0, -2) : `${name}[]`;
    const place = findings.at(field.place);
    if (isRead(other, read) && !form.isScripted) {
      findings.error(
        new Problem('form-list-mismatch', { ...place, params: { sent: name, page, read: other } }),
      );
      continue;
    }
    if (read.isOpen || form.isScripted) continue;
    const sent = new Set([...form.fields.flatMap(({ names }) => names), ...query]);
    const unsent = readNames(read).filter((each) => !sent.has(each));
    findings.warn(
      warning('form-field-unread', { ...place, params: { page, name, nearest: nearestHint(name, unsent) } }),
    );
  }
}

function isRead(name: string, { names, schemas }: ReadFields): boolean {
  if (names.has(name) || (name === 'form' && schemas.length > 0)) return true;
  return schemas.some((schema) => schema.some((field) => fieldName(field) === name));
}

/** The names that a page reads, as a form writes them. */
export function readNames({ names, schemas }: ReadFields): string[] {
  return [...names.keys(), ...schemas.flatMap((schema) => schema.map(fieldName))];
}

function fieldName({ name, isList }: SchemaField): string {
  return isList ? `${name}[]` : name;
}

function checkRequired({ form, read, page, findings }: Received, query: readonly string[]): void {
  if (form.isOpen || form.isScripted) return;
  const sent = new Map(form.fields.flatMap((field) => field.names.map((name) => [name, field] as const)));
  const has = (field: SchemaField) =>
    sent.has(field.name) || sent.has(`${field.name}[]`) || query.includes(field.name);
  const schema = meantSchema(read.schemas, has);
  for (const field of schema ?? []) {
    const own = sent.get(field.name);
    if (field.isRequired && !has(field)) {
      const params = { name: fieldName(field), page };
      findings.error(new Problem('form-field-missing', { ...findings.at(form.place), params }));
    } else if (
      own !== undefined &&
      mayBeEmpty(own, form) &&
      field.isRequired &&
      NEVER_EMPTY.has(field.kind)
    ) {
      const params = { name: field.name, page, kind: `a ${field.kind}` };
      findings.warn(warning('form-field-optional', { ...findings.at(own.place), params }));
    }
  }
}

/** Kinds that an empty text never becomes. */
const NEVER_EMPTY: ReadonlySet<SchemaField['kind']> = new Set(['number', 'date']);

function mayBeEmpty({ isRequired, isOptional, types }: FormField, { isValidated }: FormFact): boolean {
  return (
    isValidated &&
    !isRequired &&
    !isOptional &&
    !types.some((type) => type === 'select' || type === 'range' || type === 'color')
  );
}

/** The schema that a form is meant for: it sends at least half of what the schema requires. Other forms of the page have others. */
function meantSchema(
  schemas: readonly (readonly SchemaField[])[],
  has: (field: SchemaField) => boolean,
): readonly SchemaField[] | undefined {
  const counted = schemas.map((schema) => {
    const required = schema.filter(({ isRequired }) => isRequired);
    const sent = required.filter(has).length;
    return { schema, share: required.length === 0 ? 0 : sent / required.length };
  });
  const [best] = counted.toSorted((a, b) => b.share - a.share);
  return best !== undefined && best.share >= 0.5 ? best.schema : undefined;
}
