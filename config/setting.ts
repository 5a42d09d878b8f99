// Declares settings, each with a shape, a default and documentation, and groups of settings below one key. The types of
// the loaded and of the written configuration are derived from the declaration.

import type { AnyShape, Shape } from './setting-shape.ts';

/** The settings that a derived default may depend on. */
interface DefaultsFrom {
  readonly host: string;
  readonly production: boolean;
  /** Whether `trust_proxy` has another value than false. */
  readonly proxied: boolean;
}

/** A default that depends on other settings; `text` describes it in the documentation. */
export interface DerivedDefault<Value> {
  readonly text: string;
  readonly value: (known: DefaultsFrom) => Value;
}

/** A setting that holds a value of any type. */
export interface AnyLeaf extends AnyShape {
  readonly kind: 'leaf';
  readonly description: string;
  /** The default as it would be written in the file. */
  readonly default: unknown;
  readonly derived?: DerivedDefault<unknown>;
}

/** A setting with a value of type Value, written in the file as Input. */
export interface Leaf<Value, Input = Value> extends AnyLeaf {
  readonly exact?: (value: Value) => Input;
}

/** Settings by key. */
export interface SettingTable {
  readonly [key: string]: AnyLeaf | Group;
}

/** Settings below one key. */
export interface Group<Keys extends SettingTable = SettingTable> {
  readonly kind: 'group';
  readonly description: string;
  readonly keys: Keys;
}

/** Declares a setting with a fixed default. */
export function setting<Value, Input>(
  shape: Shape<Value, Input>,
  standard: NoInfer<Input>,
  description: string,
): Leaf<Value, Input> {
  return { kind: 'leaf', ...shape, default: standard, description };
}

/** Declares a setting whose default depends on others. */
export function derivedSetting<Value>(
  shape: Shape<Value>,
  derived: NoInfer<DerivedDefault<Value>>,
  description: string,
): Leaf<Value> {
  return { kind: 'leaf', ...shape, default: undefined, derived, description };
}

/** Settings below one key. */
export function group<Keys extends SettingTable>(keys: Keys, description: string): Group<Keys> {
  return { kind: 'group', description, keys };
}

/** The type of a setting's value after loading. */
export type ValueOf<T> =
  T extends Group<infer Keys>
    ? { readonly [K in keyof Keys]: ValueOf<Keys[K]> }
    : T extends Leaf<infer Value, infer _Input>
      ? Value
      : never;

/** The type of a setting as it is written in the file; every key is optional. */
export type InputOf<T> =
  T extends Group<infer Keys>
    ? { readonly [K in keyof Keys]?: InputOf<Keys[K]> }
    : T extends Leaf<infer _Value, infer Input>
      ? Input
      : never;
