// The texts that are open in an editor, which come before the files on the disk. The outline of a page that does not parse at the
// moment is that of its last text that did.

import { readFileSync } from 'node:fs';
import { type OutlineInput, outlineInput } from '../../compiler/outline/outlined-source.ts';
import { parsePage } from '../../compiler/parsed-page.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { Stamp } from '../site-disk.ts';

/** Gives the text of a file that is open in the editor; undefined for a file that is not. */
export type OpenText = (file: string) => string | undefined;

interface Parsed {
  readonly text: string;
  /** Undefined as long as no text has parsed. */
  readonly input: OutlineInput | undefined;
}

/** The open texts of one site. */
export class OpenTexts {
  readonly text: OpenText;
  readonly #parsed = new Map<string, Parsed>();
  readonly #seen = new Map<string, { readonly text: string; readonly count: number }>();

  constructor(text: OpenText) {
    this.text = text;
  }

  /** Identifies the open text of a file; undefined if the file is not open. */
  stamp(file: string): Stamp | undefined {
    const text = this.text(file);
    if (text === undefined) return undefined;
    const seen = this.#seen.get(file);
    if (seen?.text === text) return `open:${seen.count}`;
    const count = (seen?.count ?? 0) + 1;
    this.#seen.set(file, { text, count });
    return `open:${count}`;
  }

  /** The last text of an open page that parses; undefined if the page is not open, or none has. */
  parsed(file: string): OutlineInput | undefined {
    const text = this.text(file);
    if (text === undefined) {
      this.#parsed.delete(file);
      return undefined;
    }
    const known = this.#parsed.get(file);
    if (known?.text === text) return known.input;
    const input = parsedText(text, file) ?? known?.input ?? parsedText(savedText(file), file);
    this.#parsed.set(file, { text, input });
    return input;
  }
}

function parsedText(text: string | undefined, file: string): OutlineInput | undefined {
  if (text === undefined) return undefined;
  try {
    return outlineInput(parsePage(text, file));
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** The text of a file on the disk; undefined if it cannot be read. */
export function savedText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
