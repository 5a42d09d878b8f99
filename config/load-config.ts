// Loads the effective configuration: defaults, then the file, the environment and the options, each overriding the ones
// before. A setting is replaced as a whole; only groups such as session and limits are merged key by key.

import { dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { configurationFile, configurationText, type FileSearch } from './configuration-file.ts';
import { variableSources } from './environment-variables.ts';
import { parsedJson } from './json-file.ts';
import { LEAVES, type LeafAt, valueAt } from './leaves.ts';
import type { Config, ConfigInput } from './schema.ts';
import { checkRules } from './setting-rules.ts';
import { fileSource, type Origin, optionSource, type SettingSource } from './setting-source.ts';
import { isConfig, isValidFor, validate } from './validate.ts';
import { wrongValue } from './wrong-setting.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The sources of settings. */
export interface LoadOptions extends FileSearch {
  readonly env: Environment;
  /** The settings of the command line, which override all others. */
  readonly overrides?: ConfigInput;
  /** The configuration of a running server, from which settings that need a restart are kept. */
  readonly running?: Config | undefined;
}

/** The effective configuration with its origins. */
export interface LoadedConfig {
  readonly config: Config;
  /** Absolute path of the configuration file; undefined if there is none. */
  readonly file: string | undefined;
  /** The folder that relative paths start from: that of the file, else `cwd`. */
  readonly base_dir: string;
  /** The origin of each setting's value, by its dotted key. */
  readonly origins: Readonly<Record<string, Origin>>;
  /** The settings that have changed and take effect at the next start only; none without a running server. */
  readonly pending: readonly string[];
}

/**
 * Reads and validates all sources.
 * @throws Problem about the first error
 */
export function loadConfig(options: LoadOptions): LoadedConfig {
  const file = configurationFile(options);
  const sources = [
    ...(file === undefined ? [] : [fileSource(parsedJson(configurationText(file), file))]),
    ...variableSources(options.env),
    ...(options.overrides === undefined ? [] : [optionSource(options.overrides)]),
  ];
  const base_dir = file === undefined ? resolve(options.cwd) : dirname(file);
  return { ...effectiveBeside(options.running, sources, base_dir, options.env), file, base_dir };
}

/** The configuration of a program that passes its settings; no file and no KARRIGELL_ variable is read. */
export function configFrom(
  input: ConfigInput,
  base_dir: string,
  env: Environment = {},
  running?: Config,
): LoadedConfig {
  const base = resolve(base_dir);
  return { ...effectiveBeside(running, [optionSource(input)], base, env), file: undefined, base_dir: base };
}

/**
 * Validates settings apart from the file and the environment.
 * @throws Problem about the first error
 */
export function checkOptions(overrides: ConfigInput): void {
  validate(optionSource(overrides));
}

/** The configuration with all defaults. */
export function defaultConfig(base_dir: string): Config {
  return configFrom({}, base_dir).config;
}

/**
 * Computes the effective configuration, beside that of a running server. The sources must be valid for the next start,
 * so they are checked as they are. Then the settings that need a restart are overridden before defaults are derived, so
 * that no default is derived from a value that is not in force.
 */
function effectiveBeside(
  running: Config | undefined,
  sources: readonly SettingSource[],
  base_dir: string,
  env: Environment,
) {
  const wanted = effective(sources, base_dir, env);
  const pending = running === undefined ? [] : changesNeedingRestart(running, wanted.config);
  if (running === undefined || pending.length === 0) return { ...wanted, pending };
  const kept = optionSource(settingsUntilRestart(running));
  return { ...effective([...sources, kept], base_dir, env), pending };
}

const NEED_RESTART = ['host', 'port', 'workers', 'persistent_session'] as const;

/** The changed keys that need a restart. */
export function changesNeedingRestart(before: Config, after: Config): string[] {
  return NEED_RESTART.filter((key) => !isDeepStrictEqual(before[key], after[key]));
}

/** The values of the settings that need a restart. */
function settingsUntilRestart({ host, port, workers, persistent_session }: Config): ConfigInput {
  return { host, port, workers, persistent_session };
}

function effective(sources: readonly SettingSource[], base_dir: string, env: Environment) {
  for (const source of sources) validate(source);
  const given = new Map<string, Given>();
  for (const entry of LEAVES) given.set(entry.key, givenFor(entry, sources));
  const known = {
    host: String(given.get('host')?.value),
    production: env.NODE_ENV === 'production',
    proxied: given.get('trust_proxy')?.value !== false,
  };
  const config: Record<string, unknown> = {};
  for (const { path, key, leaf } of LEAVES) {
    const { source, value } = given.get(key) ?? {};
    const written = source === undefined && leaf.derived !== undefined ? leaf.derived.value(known) : value;
    put(config, path, loaded({ path, key, leaf }, written, source));
  }
  config.root_dir = resolve(base_dir, String(config.root_dir));
  return { config: complete(config, given), origins: originsOf(given) };
}

/**
 * The value in the engine's form. It is validated again, because the text of a size may be valid and the number too
 * large.
 */
function loaded({ path, leaf }: LeafAt, written: unknown, source: SettingSource | undefined): unknown {
  if (leaf.loaded === undefined) return written;
  const value = leaf.loaded(written);
  if (source === undefined || isValidFor(leaf.schema, value)) return value;
  throw wrongValue(path, source, undefined);
}

/** A given value with its source; undefined for the default. */
interface Given {
  readonly value: unknown;
  readonly source: SettingSource | undefined;
}

function givenFor({ path, leaf }: LeafAt, sources: readonly SettingSource[]): Given {
  for (const source of sources.toReversed()) {
    const value = valueAt(source.input, path);
    if (value !== undefined) return { value, source };
  }
  return { value: leaf.default, source: undefined };
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path;
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const below: Record<string, unknown> = { ...Object(target[first]) };
  put(below, rest, value);
  target[first] = below;
}

function complete(config: unknown, given: ReadonlyMap<string, Given>): Config {
  if (!isConfig(config)) throw new Error(`the configuration is not complete: ${JSON.stringify(config)}`);
  checkRules(config, (key, inside = []) => {
    const source = given.get(key)?.source;
    return { words: source?.words ?? '', ...source?.place([...key.split('.'), ...inside], 'value') };
  });
  return frozen(config);
}

function originsOf(given: ReadonlyMap<string, Given>): Record<string, Origin> {
  return Object.fromEntries([...given].map(([key, { source }]) => [key, source?.origin ?? 'default']));
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
