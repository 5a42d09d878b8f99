// What the options of the command line mean for the configuration: they go before file and environment.

import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { checkOptions, type LoadedConfig, loadConfig } from '../../config/load-config.ts';
import type { Config, ConfigInput } from '../../config/schema.ts';
import { Problem } from '../diagnostics/problem.ts';

/** The options that every command knows. */
export interface GlobalOptions {
  readonly config?: string;
  readonly port?: number;
  readonly host?: string;
  readonly workers?: number | 'auto';
  readonly debug?: boolean;
  readonly open?: boolean;
}

/** Reads a port. */
export function parsedPort(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a number from 0 to 65535.');
  return Number(text);
}

/** Reads a number of workers. */
export function parsedWorkers(text: string): number | 'auto' {
  if (text === 'auto') return text;
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a number or "auto".');
  return Number(text);
}

/** The files or folder that a command names beside its options. */
export interface ConfigurationSearch {
  /** A folder that is served instead of root_dir. */
  readonly dir?: string | undefined;
  /** The folder where the search for a configuration file begins; left out: `dir`, else the current folder. */
  readonly from?: string | undefined;
  /** The configuration that a server runs with. */
  readonly running?: Config | undefined;
}

/** The configuration under these options. */
export function configurationFor(options: GlobalOptions, named: ConfigurationSearch = {}): LoadedConfig {
  const { dir, from = dir, running } = named;
  const { config: file, port, host, workers, debug } = options;
  const overrides: ConfigInput = {
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(workers === undefined ? {} : { workers }),
    ...(debug === undefined ? {} : { debug }),
    ...(dir === undefined ? {} : { root_dir: resolve(dir) }),
  };
  checkUsage(overrides);
  return loadConfig({ file, from, cwd: process.cwd(), env: process.env, overrides, running });
}

/** A value out of range is wrong usage, not a failure. */
function checkUsage(overrides: ConfigInput): void {
  try {
    checkOptions(overrides);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('usage', { params: { what: error.text }, cause: error });
  }
}
