// Masks passwords and secrets in errors, in `karrigell config` and in a page's CONFIG.

import { isCredentialName } from '../engine/diagnostics/secret-names.ts';
import type { Config } from './schema.ts';
import { SECRET_MASK, withoutPasswords } from './url-secrets.ts';

/** The name of a setting that holds no secret, although it has the word. */
const NO_SECRET = 'secret_fields';

/** Whether a name suggests that its value is a secret. */
function isSecretName(name: string): boolean {
  return name !== NO_SECRET && isCredentialName(name);
}

/**
 * A copy in which every secret is masked.
 * @param key the name of the value
 */
export function masked(value: unknown, key = ''): unknown {
  if (isSecretName(key) && value !== null && typeof value !== 'boolean') return SECRET_MASK;
  if (typeof value === 'string') return maskedText(value);
  if (Array.isArray(value)) return value.map((entry) => masked(entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, masked(entry, name)]));
}

function maskedText(text: string): string {
  return withoutPasswords(text, isSecretName);
}

/**
 * The value as JSON, masked and cut after `most` characters, for an error.
 * @param path the keys that lead to the value
 */
export function shown(value: unknown, path: readonly string[] = [], most = 80): string {
  const secret = path.find(isSecretName) ?? '';
  const text = JSON.stringify(masked(value, secret)) ?? 'nothing';
  return text.length > most ? `${text.slice(0, most - 3)}...` : text;
}

/** The configuration that pages may read: a frozen copy without secrets, with passwords in URLs masked. */
export function publicConfig(config: Config): Readonly<Record<string, unknown>> {
  return Object.freeze(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [key, visible(value)])),
  );
}

function visible(value: unknown): unknown {
  if (typeof value === 'string') return maskedText(value);
  if (Array.isArray(value)) return Object.freeze(value.map(visible));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !isSecretName(name));
  return Object.freeze(Object.fromEntries(entries.map(([name, entry]) => [name, visible(entry)])));
}
