/** Filters and updates whose field names are checked by the compiler: a misspelled field does not compile. */

/** Fields of every kind of the records, also where some kinds don't have one. */
type FieldOf<T> = T extends unknown ? keyof T & string : never;
type ValueOf<T, K extends string> = T extends unknown ? (K extends keyof T ? T[K] : never) : never;
/** `panel.teachers`, `entries.$.state`: of a path the first part is checked. */
export type PathOf<T> = FieldOf<T> | `${FieldOf<T>}.${string}`;

type Operators = Readonly<Record<`$${string}`, unknown>>;
/** Of a text with few values any text: which of them there are, zod and the schema check. */
type Condition<V> =
  | V
  | (V extends string ? string : never)
  | Extract<V, readonly unknown[]>[number]
  | RegExp
  | null
  | Operators;

/** What must hold of a record. Undefined values are no condition. */
export type Filter<T> = {
  readonly [K in FieldOf<T>]?: Condition<ValueOf<T, K>> | undefined;
} & {
  readonly [K in `${FieldOf<T>}.${string}`]?: unknown;
} & {
  readonly $or?: readonly Filter<T>[];
  readonly $and?: readonly Filter<T>[];
  readonly $nor?: readonly Filter<T>[];
  readonly $expr?: unknown;
};

/** Lists may be given read-only. */
type Given<V> = V extends readonly (infer E)[] ? readonly E[] : V;
type Values<T> = { readonly [K in FieldOf<T>]?: Given<ValueOf<T, K>> | undefined } & {
  readonly [K in `${FieldOf<T>}.${string}`]?: unknown;
};
type Anything<T> = { readonly [K in PathOf<T>]?: unknown };

/** What changes in a record. */
export interface Update<T> {
  readonly $set?: Values<T>;
  readonly $setOnInsert?: Values<T> & { readonly _id?: string };
  readonly $unset?: { readonly [K in PathOf<T>]?: 1 | true | '' };
  readonly $inc?: { readonly [K in PathOf<T>]?: number };
  readonly $max?: Anything<T>;
  readonly $min?: Anything<T>;
  readonly $push?: Anything<T>;
  readonly $addToSet?: Anything<T>;
  readonly $pull?: Anything<T>;
}

/** A filter for records of several kinds, of which no type is known: names of its fields are not checked. */
export type AnyFilter = Readonly<Record<string, unknown>>;

export type Sort<T> = { readonly [K in PathOf<T>]?: 1 | -1 };
