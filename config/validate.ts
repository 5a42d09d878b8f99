// Validates settings with the JSON Schema; wrong-setting.ts turns its errors into Problems.

import { Validator } from '@cfworker/json-schema';
import { configurationSchema } from './json-schema.ts';
import { LEAVES, valueAt } from './leaves.ts';
import type { Config, ConfigInput } from './schema.ts';
import type { SettingSource } from './setting-source.ts';
import { firstProblem } from './wrong-setting.ts';

const SCHEMA = configurationSchema();

/**
 * Validates the settings of a source.
 * @throws Problem about the first error
 */
export function validate(source: SettingSource): void {
  const { errors } = new Validator(SCHEMA, '7', false).validate(source.input);
  if (errors.length > 0) throw firstProblem(errors, SCHEMA, source);
}

/** Whether a value is valid for the JSON Schema of one setting. */
export function isValidFor(schema: object, value: unknown): boolean {
  return new Validator({ ...schema }, '7').validate(value).valid;
}

/** Whether a value is a complete configuration: valid, with every declared key. */
export function isConfig(value: unknown): value is Config {
  return LEAVES.every(({ path }) => valueAt(value, path) !== undefined) && isValidFor(SCHEMA, value);
}

/** Whether a value is a valid configuration file. */
export function isConfigInput(value: unknown): value is ConfigInput {
  return isValidFor(SCHEMA, value);
}
