// The options of the command line as settings, which override the file and the environment.

import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import { checkOptions, type LoadedConfig, loadConfig } from '../../config/load-config.ts';
import type { Config, ConfigInput } from '../../config/schema.ts';
import { Problem } from '../diagnostics/problem.ts';

/** The options that every command has. */
export interface GlobalOptions {
  readonly config?: string;
  readonly port?: number;
  readonly host?: string;
  readonly workers?: number | 'auto';
  readonly debug?: boolean;
  readonly open?: boolean;
}

/**
 * Parses a port.
 * @throws InvalidArgumentError
 */
export function parsedPort(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a number from 0 to 65535.');
  return Number(text);
}

/**
 * Parses a number of workers.
 * @throws InvalidArgumentError
 */
export function parsedWorkers(text: string): number | 'auto' {
  if (text === 'auto') return text;
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a number or "auto".');
  return Number(text);
}

/** The files or folder that a command names, for which the configuration is loaded. */
export interface ConfigurationSearch {
  /** The folder to serve instead of root_dir. */
  readonly dir?: string | undefined;
  /** The folder in which the search for the configuration file begins; by default `dir`, else the current folder. */
  readonly from?: string | undefined;
  /** The configuration of the running server. */
  readonly running?: Config | undefined;
}

/**
 * The configuration with these options.
 * @throws Problem about the first error
 */
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

/** Turns the error for an invalid value of an option into one of wrong usage. */
function checkUsage(overrides: ConfigInput): void {
  try {
    checkOptions(overrides);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('usage', { params: { what: error.text }, cause: error });
  }
}
