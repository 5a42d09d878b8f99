// karrigell check [files…]: what is wrong with the pages, without running them.

import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Code } from '../../diagnostics/codes.ts';
import { excerpt } from '../../diagnostics/excerpt.ts';
import { type Place, Problem } from '../../diagnostics/problem.ts';
import type { Finding } from '../../pages/index.ts';
import { isInside } from '../../pages/inside.ts';
import { openPages } from '../../pages/open.ts';
import { paint, wantsColours } from '../../process/colours.ts';
import { configurationFor, type GlobalOptions } from '../options.ts';

/** Prints the findings; sets exit code 1 when one is an error. */
export async function check(options: GlobalOptions, files: readonly string[], json: boolean): Promise<void> {
  const { config, file } = configurationFor(options);
  const pages = await openPages({
    root_dir: config.root_dir,
    watch: false,
    debug: true,
    hidden: file === undefined ? [] : [file],
    log: (_, message) => process.stderr.write(`${message}\n`),
  });
  const chosen = files.map((name) => chosenFile(name, pages.root));
  const findings = await pages.check(chosen.length === 0 ? undefined : chosen);
  const rows = findings.map((finding) => rowOf(finding, pages.root));
  const count = chosen.length === 0 ? pages.count() : chosen.length;
  await pages.close();
  process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : report(rows, count));
  if (rows.some(({ severity }) => severity === 'error')) process.exitCode = 1;
}

/** One finding, as `--json` prints it. */
interface Row {
  readonly severity: 'error' | 'warning';
  readonly code: Code;
  /** From the current folder. */
  readonly file: string | undefined;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly remedy: string;
}

function chosenFile(name: string, root: string): string {
  const file = resolve(name);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new Problem('no-such-page', { holes: { file: name } });
  }
  if (!isInside(root, file)) throw new Problem('not-in-site', { holes: { file: name, folder: root } });
  return file;
}

function rowOf(finding: Finding, root: string): Row {
  const found = finding.severity === 'error' ? finding.problem : finding.warning;
  const { code, text, remedy, line = 1, column = 1 } = found;
  return { severity: finding.severity, code, file: fileFromHere(found, root), line, column, text, remedy };
}

function fileFromHere({ file }: Place, root: string): string | undefined {
  if (file === undefined) return undefined;
  return relative(process.cwd(), isAbsolute(file) ? file : join(root, file));
}

function report(rows: readonly Row[], pages: number): string {
  const full = process.stdout.isTTY === true;
  const colour = paint(wantsColours(process.stdout, process.env));
  const lines = rows.map((row) => {
    const kind = colour(row.severity === 'error' ? 'red' : 'yellow', row.severity);
    const line = `${row.file ?? ''}(${row.line},${row.column}): ${kind} ${row.code}: ${row.text}`;
    return full ? `${line}\n${details(row)}\n` : line;
  });
  return `${[...lines, summary(rows, pages)].join('\n')}\n`;
}

function details({ file, line, column, remedy }: Row): string {
  try {
    return `${excerpt(readFileSync(file ?? '', 'utf8'), line, column)}\n  ${remedy}`;
  } catch {
    return `  ${remedy}`;
  }
}

function summary(rows: readonly Row[], pages: number): string {
  const errors = rows.filter(({ severity }) => severity === 'error').length;
  const warnings = rows.length - errors;
  const found = `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
  return `${counted(pages, 'page')} checked (syntax; types are not checked): ${found}`;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
