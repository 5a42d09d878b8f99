// Copies of the project's files in the shadow, without those that do not parse: imports of the latter find
// nothing there and have any type.
// tsc tells nothing but syntax errors while there is one, and whatever a module imports is in its program.

import { basename, dirname, sep } from 'node:path';
import type { TypeScript } from './installed-typescript.ts';
import { listedFiles, runTsc, type TscError } from './run-tsc.ts';
import type { Shadow } from './shadow-folder.ts';

/** A project in the shadow, as settings.ts needs it. */
export interface Mirror {
  /** Absolute paths of the files to check. */
  readonly files: readonly string[];
  /** Where something of the disk stands in the shadow. */
  readonly pathOf: (path: string) => string;
}

/** What tsc is run with. */
export interface Run {
  readonly typescript: TypeScript;
  readonly shadow: Shadow;
  /** The file of its settings. */
  readonly project: string;
  /** Writes the settings for a mirrored project. */
  readonly rewrite: (mirror: Mirror) => string;
}

/** What is wrong with the files that parse, where others do not; the others' errors are known. */
export async function errorsBeside(hiding: readonly TscError[], run: Run): Promise<TscError[]> {
  const { typescript, shadow, project, rewrite } = run;
  const broken = new Set(hiding.map(({ file }) => file).filter((file) => file !== undefined));
  const listed = await listedFiles(typescript, project, shadow.folder);
  const own = listed.filter((file) => !isInstalled(file, typescript) && !broken.has(file));
  const copies = new Map(own.map((file) => [shadow.copyOf(file), file]));
  const files = [...copies.keys()];
  const errors = await runTsc(
    typescript,
    rewrite({ files, pathOf: (path) => shadow.pathOf(path) }),
    shadow.folder,
  );
  const names = new Set([...broken].map((file) => basename(file)));
  return errors
    .filter((error) => !isOfBroken(error, names))
    .map((error) => ({
      ...error,
      file: error.file === undefined ? undefined : (copies.get(error.file) ?? error.file),
      text: error.text.replaceAll(shadow.folder + sep, sep),
    }));
}

/** An import that finds nothing because its file was left out: however it is written, it ends in the file's name. */
function isOfBroken({ code, text }: TscError, names: ReadonlySet<string>): boolean {
  const specifier = code === 'TS2307' ? /'(.+?)'/.exec(text)?.[1] : undefined;
  return specifier !== undefined && names.has(specifier.slice(specifier.lastIndexOf('/') + 1));
}

/** Packages, and what TypeScript brings along. */
function isInstalled(file: string, { tsc }: TypeScript): boolean {
  return file.split(sep).includes('node_modules') || file.startsWith(dirname(dirname(tsc)) + sep);
}
