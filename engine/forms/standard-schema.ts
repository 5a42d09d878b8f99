// The parts of a schema that Form uses: validation by Standard Schema (https://standardschema.dev, version 1), and its JSON Schema by
// Standard JSON Schema if the library has it.

/** A schema of any library that follows Standard Schema. */
export interface StandardSchema<Output = unknown, Input = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly jsonSchema?: JsonSchemaConverter | undefined;
  };
}

/** Standard JSON Schema: gives the schema of what is validated as JSON Schema. It throws for what JSON Schema cannot say. */
interface JsonSchemaConverter {
  readonly input: (options: {
    readonly target: 'draft-2020-12';
    readonly libraryOptions?: Readonly<Record<string, unknown>> | undefined;
  }) => Readonly<Record<string, unknown>>;
}

export type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** One thing that is wrong with what was validated. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Whether a value is a schema. In ArkType a schema is a function. */
export function isStandardSchema(schema: unknown): schema is StandardSchema {
  if ((typeof schema !== 'object' && typeof schema !== 'function') || schema === null) return false;
  const standard: unknown = Reflect.get(schema, '~standard');
  return (
    typeof standard === 'object' &&
    standard !== null &&
    Reflect.get(standard, 'version') === 1 &&
    typeof Reflect.get(standard, 'validate') === 'function'
  );
}

/** The format that stands for a value that is a Date in the page; JSON Schema has none. */
export const DATE_FORMAT = 'karrigell-date';

/**
 * The options of each library for types that JSON Schema lacks: `{}` instead of an error, and a mark for a date.
 */
const LIBRARY_OPTIONS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  zod: { unrepresentable: 'any', override: markZodDate },
  arktype: { fallback: { date: markedDate, default: ({ base }: { readonly base: object }) => base } },
  valibot: { errorMode: 'ignore', typeMode: 'input', overrideSchema: markValibotDate },
};

/** The JSON Schema of what a schema takes; undefined where its library does not tell, or throws for a part of it. */
export function jsonSchemaOf(schema: StandardSchema): unknown {
  const { jsonSchema, vendor } = schema['~standard'];
  try {
    return jsonSchema?.input({ target: 'draft-2020-12', libraryOptions: LIBRARY_OPTIONS[vendor] });
  } catch {
    return undefined;
  }
}

interface ZodOverride {
  readonly zodSchema: { readonly _zod: { readonly def: { readonly type: string } } };
  readonly jsonSchema: Record<string, unknown>;
}

function markZodDate({ zodSchema, jsonSchema }: ZodOverride): void {
  if (zodSchema._zod.def.type === 'date') jsonSchema.format = DATE_FORMAT;
}

function markedDate({ base }: { readonly base: object }): object {
  return { ...base, format: DATE_FORMAT };
}

interface ValibotOverride {
  readonly valibotSchema: { readonly type: string };
  readonly jsonSchema: object;
}

function markValibotDate({ valibotSchema, jsonSchema }: ValibotOverride): object | undefined {
  return valibotSchema.type === 'date' ? { ...jsonSchema, format: DATE_FORMAT } : undefined;
}
