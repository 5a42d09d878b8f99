// The command `karrigell check [files…]`: reports errors in pages without running them.

import { realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { LoadedConfig } from '../../../config/load-config.ts';
import { settingPlace } from '../../../config/setting-place.ts';
import { printableJson } from '../../diagnostics/printable.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { errorPageFile, missingErrorPages } from '../../pages/error-page-files.ts';
import type { Finding, Pages } from '../../pages/index.ts';
import { openPages } from '../../pages/open-pages.ts';
import { pageFiles } from '../../pages/page-files.ts';
import { openedSiteCheck } from '../../pages/site-map/opened-site.ts';
import { isInside } from '../../pages/site-paths.ts';
import { checkTypes, type TypeCheckOptions } from '../../pages/type-check/index.ts';
import { missingPackages } from '../../pages/type-check/installed-typescript.ts';
import type { SchemaOfCall } from '../../pages/type-check/told-schemas.ts';
import { privateFiles } from '../../private-files.ts';
import { paint, wantsColours } from '../../process/colours.ts';
import { formsRefusal } from '../../session/index.ts';
import {
  type CheckResult,
  checkReport,
  type ReportRow,
  reportRow,
  rowOfFinding,
  rowsOfTypes,
  sorted,
  type TypesChecked,
} from '../check-report.ts';
import { configurationFor, type GlobalOptions } from '../global-options.ts';
import { ParsedPages } from '../parsed-pages.ts';

/** The options of the command. */
export interface CheckOptions {
  /** Prints the findings as JSON; with `watch`, one line for each check. */
  readonly json?: boolean;
  /** Checks again whenever a file of the site is saved, until a signal arrives. */
  readonly watch?: boolean;
  /** Fails on warnings too. */
  readonly strict?: boolean;
}

/** Prints the findings. The exit code is 1 if one is an error, or with `strict` if there is any. */
export async function checkSite(
  options: GlobalOptions,
  files: readonly string[],
  flags: CheckOptions,
): Promise<void> {
  const { watch = false } = flags;
  const [first] = files;
  const configuration = configurationFor(options, { from: first === undefined ? undefined : dirname(first) });
  const parsed = new ParsedPages();
  const pages = await openPages({
    root_dir: configuration.config.root_dir,
    watch,
    debug: true,
    runs: false,
    hidden: privateFiles(configuration, configuration.base_dir),
    log: (_, message) => process.stderr.write(`${message}\n`),
    onParsed: (page) => parsed.add(page),
  });
  const chosen = files.map((name) => chosenFile(name, pages.root));
  const run = async () => show(await checked(configuration, pages, chosen, parsed), flags);
  // A signal calls process.exit(), so that exit listeners remove temporary files.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit());
  if (watch) return runAtChanges(pages, run);
  await run();
  await pages.close();
}

/** Runs now and after each change; runs never overlap. */
async function runAtChanges(pages: Pages, run: () => Promise<void>): Promise<never> {
  let changed = (): void => undefined;
  pages.onChange(() => changed());
  for (;;) {
    const change = new Promise<void>((resolve) => {
      changed = resolve;
    });
    await run();
    await change;
  }
}

function chosenFile(name: string, root: string): string {
  const file = resolve(name);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new Problem('no-such-page', { params: { file: name } });
  }
  // The root is a real path, so the file must be one, too.
  const real = realpathSync.native(file);
  if (!isInside(root, real)) throw new Problem('not-in-site', { params: { file: name, folder: root } });
  return real;
}

/** Checks the chosen pages; all pages if none is chosen. */
async function checked(
  configuration: LoadedConfig,
  pages: Pages,
  chosen: readonly string[],
  parsed: ParsedPages,
): Promise<CheckResult> {
  const begin = performance.now();
  const { root } = pages;
  const whole = chosen.length === 0;
  const all = pageFiles(root, privateFiles(configuration, configuration.base_dir));
  const files = whole ? all : chosen;
  const rowsOf = (findings: readonly Finding[]) => findings.map((finding) => rowOfFinding(finding, root));
  const findings = await pages.check(files);
  const rows = [
    ...(whole ? errorPageRows(configuration, root) : []),
    ...onceStoreRows(configuration, pages),
    ...rowsOf(findings),
  ];
  const { error_pages, outside_paths } = configuration.config;
  const site = { pages, files: all, error_pages, outside_paths, parsed: parsed.take.bind(parsed) };
  const checkOfSite = once(() => openedSiteCheck(site, findings));
  const options = {
    root,
    base_dir: configuration.base_dir,
    pages: files,
    whole,
    drafts: parsed.drafts,
    users: () => pages.users(),
    error_pages: Object.values(error_pages).map((page) => errorPageFile(root, page)),
  };
  const { rows: more, types, schemas } = await checkedTypes({ ...options, meanwhile: checkOfSite }, rows);
  const between = checkOfSite().findings(schemas, whole ? undefined : files);
  return {
    rows: sorted([...rows, ...more, ...rowsOf(between)]),
    pages: files.length,
    types,
    milliseconds: performance.now() - begin,
  };
}

/** The function whose result is made at the first call. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function errorPageRows({ config, file }: LoadedConfig, root: string): ReportRow[] {
  const placeOf = (status: string) => settingPlace(file, ['error_pages', status]);
  return missingErrorPages(root, config.error_pages, placeOf).map((problem) =>
    reportRow(problem, 'error', root),
  );
}

/** The first page with Once, if the configured store cannot keep its forms. */
function onceStoreRows({ config }: LoadedConfig, pages: Pages): ReportRow[] {
  const reason = formsRefusal(config.persistent_session);
  const use = reason === undefined ? undefined : pages.firstOnce();
  if (use === undefined || reason === undefined) return [];
  return [reportRow(new Problem('once-store', { ...use, params: { reason } }), 'error', pages.root)];
}

/** Checks types. An error of the type check itself becomes a row, so that the other findings are still reported. */
async function checkedTypes(
  what: TypeCheckOptions,
  known: readonly ReportRow[],
): Promise<{
  readonly rows: readonly ReportRow[];
  readonly types: TypesChecked;
  readonly schemas: SchemaOfCall;
}> {
  const schemas: SchemaOfCall = () => undefined;
  try {
    const found = await checkTypes(what);
    if (found === undefined) {
      return { rows: [], types: { kind: 'missing', packages: missingPackages(what.base_dir) }, schemas };
    }
    const { configuration } = found;
    const rows = [
      ...(configuration === undefined ? [] : [reportRow(configuration, 'error', what.root)]),
      ...rowsOfTypes(found.mistakes, known, what.root),
    ];
    return { rows, types: { kind: 'checked', version: found.version }, schemas: found.schemas };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { rows: [reportRow(error, 'error', what.root)], types: { kind: 'failed' }, schemas };
  }
}

function show(found: CheckResult, { json = false, watch = false, strict = false }: CheckOptions): void {
  const colour = paint(wantsColours(process.stdout, process.env));
  const text = json
    ? `${printableJson(JSON.stringify(found.rows, null, watch ? 0 : 2))}\n`
    : checkReport(found, colour, process.stdout.isTTY === true);
  process.stdout.write(text);
  process.exitCode = found.rows.some(({ severity }) => strict || severity === 'error') ? 1 : 0;
}
