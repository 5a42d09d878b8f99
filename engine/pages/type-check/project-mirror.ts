// Copies the files of the project that parse into the shadow folder. Imports of the other files find nothing and have
// the type any. The copies are needed because tsc reports only syntax errors while there is one, and every imported
// file belongs to its program.

import { basename, dirname, sep } from 'node:path';
import type { TypeScript } from './installed-typescript.ts';
import { listedFiles, runTsc, type TscError } from './run-tsc.ts';
import type { Shadow } from './shadow-folder.ts';

/** A project in the shadow folder, as tsc-settings.ts needs it. */
export interface Mirror {
  /** Absolute paths of the files to check. */
  readonly files: readonly string[];
  /** Maps a path of the disk to its path in the shadow folder. */
  readonly pathOf: (path: string) => string;
}

/** The project that tsc is run with. */
export interface TscProject {
  readonly typescript: TypeScript;
  readonly shadow: Shadow;
  /** The path of its tsconfig.json. */
  readonly project: string;
  /** Writes the settings for a mirrored project; returns the path of its tsconfig.json. */
  readonly rewrite: (mirror: Mirror) => string;
}

/**
 * The errors in files that parse, if other files have syntax errors.
 * @param hiding the syntax errors, which are known already
 */
export async function errorsBeside(hiding: readonly TscError[], run: TscProject): Promise<TscError[]> {
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

/** Whether the error is an import of a file that was left out. Every form of the specifier ends in the file's name. */
function isOfBroken({ code, text }: TscError, names: ReadonlySet<string>): boolean {
  const specifier = code === 'TS2307' ? /'(.+?)'/.exec(text)?.[1] : undefined;
  return specifier !== undefined && names.has(specifier.slice(specifier.lastIndexOf('/') + 1));
}

/** Whether a file belongs to a package or to TypeScript. */
function isInstalled(file: string, { tsc }: TypeScript): boolean {
  return file.split(sep).includes('node_modules') || file.startsWith(dirname(dirname(tsc)) + sep);
}
