// Validates settings with the JSON Schema; what it finds is put into our words by wrong-setting.ts.

import { Validator } from '@cfworker/json-schema';
import { configurationSchema } from './json-schema.ts';
import { LEAVES, valueAt } from './leaves.ts';
import type { Config, ConfigInput } from './schema.ts';
import type { SettingSource } from './setting-source.ts';
import { firstProblem } from './wrong-setting.ts';

const SCHEMA = configurationSchema();

/** Throws a Problem about the first thing that is wrong in what a source gives. */
export function validate(source: SettingSource): void {
  const { errors } = new Validator(SCHEMA, '7', false).validate(source.input);
  if (errors.length > 0) throw firstProblem(errors, SCHEMA, source);
}

/** Whether a value is valid for the JSON Schema of one setting. */
export function isValidFor(schema: object, value: unknown): boolean {
  return new Validator({ ...schema }, '7').validate(value).valid;
}

/** Whether a value is a complete configuration: valid, and every key of the declaration present. */
export function isConfig(value: unknown): value is Config {
  return LEAVES.every(({ path }) => valueAt(value, path) !== undefined) && isValidFor(SCHEMA, value);
}

/** Whether a value is valid as it is written in a file. */
export function isConfigInput(value: unknown): value is ConfigInput {
  return isValidFor(SCHEMA, value);
}
