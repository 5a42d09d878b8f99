// Lets the type check tell the fields of a schema. `karrigell check` adds a call of `schemaFields` for each call of Form to the typed
// module; its second argument is always wrong, and the error names the type that was expected, which is a list of the fields. So a
// schema counts that comes from a module or from a library that has no other way to tell. Nothing of this exists at run time.

import type { StandardSchema } from '../forms/standard-schema.ts';

/** A union of texts `karrigell-field:<place>:<name>:<kind>:<required or optional>`, or `karrigell-field:<place>:*` for any fields. */
type SchemaFields<Place extends number, Input> = unknown extends Input
  ? `karrigell-field:${Place}:*`
  : Input extends object
    ? string extends keyof Input
      ? `karrigell-field:${Place}:*`
      : FieldIn<Place, Input, NamesIn<Input>>
    : `karrigell-field:${Place}:*`;

/** The names of all variants of a union. */
type NamesIn<Input> = Input extends unknown ? Extract<keyof Input, string> : never;

type FieldIn<Place extends number, Input, Name extends string> = Name extends unknown
  ? `karrigell-field:${Place}:${Name}:${KindOf<ValueIn<Input, Name>>}:${[IsRequired<Input, Name>] extends [true] ? 'required' : 'optional'}`
  : never;

type ValueIn<Input, Name extends string> = Input extends unknown
  ? Name extends keyof Input
    ? Input[Name]
    : never
  : never;

/** True only if every variant has the field, and none lets it be undefined. */
type IsRequired<Input, Name extends string> = Input extends unknown
  ? Name extends keyof Input
    ? undefined extends Input[Name]
      ? false
      : Record<never, never> extends Pick<Input, Name>
        ? false
        : true
    : false
  : never;

type KindOf<Value> = unknown extends Value ? 'other' : KindOfKnown<Exclude<Value, undefined | null>>;

type KindOfKnown<Value> = [Value] extends [never]
  ? 'other'
  : [Extract<Value, readonly unknown[]>] extends [never]
    ? [Value] extends [string]
      ? 'text'
      : [Value] extends [number]
        ? 'number'
        : [Value] extends [boolean]
          ? 'boolean'
          : [Value] extends [Date]
            ? 'date'
            : [Value] extends [Blob]
              ? 'file'
              : 'other'
    : 'list';

/** @param place the offset of the call of Form in the page */
export declare function schemaFields<const Place extends number, Output, Input>(
  place: Place,
  schema: StandardSchema<Output, Input>,
  fields: SchemaFields<Place, Input>,
): void;
