// The fields of a schema, by its JSON Schema. Valibot has none by itself: it comes from the package @valibot/to-json-schema, if the
// site has it installed.

import { type FieldSchema, fieldSchemas } from '../forms/field-schema.ts';
import { isStandardSchema, jsonSchemaOf, type StandardSchema } from '../forms/standard-schema.ts';

/** The fields by their names; empty where the library does not tell. */
export type SchemaFields = ReadonlyMap<string, FieldSchema>;

/** Imports a package as the page would. */
type ImportPackage = (specifier: string) => Promise<unknown>;

/** The packages that give the schemas of a library a JSON Schema, each with its function. */
const CONVERTERS: Readonly<Record<string, readonly [specifier: string, name: string]>> = {
  valibot: ['@valibot/to-json-schema', 'toStandardJsonSchema'],
};

type Convert = (schema: StandardSchema) => unknown;

/** Reads the fields of the schemas of one page. */
export class SchemaReader {
  readonly #import: ImportPackage;
  /** Schemas never change, and making the JSON Schema of one costs more than validating a form. */
  readonly #known = new WeakMap<object, SchemaFields>();
  readonly #converters = new Map<string, Promise<Convert | undefined>>();

  constructor(importPackage: ImportPackage) {
    this.#import = importPackage;
  }

  async fieldsOf(schema: StandardSchema): Promise<SchemaFields> {
    const known = this.#known.get(schema);
    if (known !== undefined) return known;
    const fields = fieldSchemas(jsonSchemaOf(await this.#withJsonSchema(schema)));
    this.#known.set(schema, fields);
    return fields;
  }

  async #withJsonSchema(schema: StandardSchema): Promise<StandardSchema> {
    const { vendor, jsonSchema } = schema['~standard'];
    if (jsonSchema !== undefined || !Object.hasOwn(CONVERTERS, vendor)) return schema;
    const convert = await this.#converter(vendor);
    try {
      const converted = convert?.(schema);
      return isStandardSchema(converted) ? converted : schema;
    } catch {
      return schema;
    }
  }

  #converter(vendor: string): Promise<Convert | undefined> {
    const known = this.#converters.get(vendor);
    if (known !== undefined) return known;
    const loading = this.#load(vendor);
    this.#converters.set(vendor, loading);
    return loading;
  }

  /** undefined: the package is not installed. */
  async #load(vendor: string): Promise<Convert | undefined> {
    const [specifier = '', name = ''] = CONVERTERS[vendor] ?? [];
    try {
      const found: unknown = Object(await this.#import(specifier))[name];
      return typeof found === 'function' ? (schema) => found(schema) : undefined;
    } catch {
      return undefined;
    }
  }
}
