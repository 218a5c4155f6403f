/**
 * What a record file says about a collection: its name, its shape and its indexes. Refuses unknown fields and
 * filters on them.
 */
import mongoose, { type Schema, type SchemaDefinition, type SchemaTypeOptions } from 'mongoose';

export interface IndexDeclaration {
  keys: Record<string, 1 | -1>;
  unique?: boolean;
  sparse?: boolean;
  /** Seconds after the indexed date at which MongoDB removes the document. */
  expireAfterSeconds?: number;
  partialFilterExpression?: Record<string, unknown>;
}

/**
 * Mongoose's definition of each field, in which a field may also say `default: undefined`: lists that are left out stay
 * left out.
 */
export type FieldDefinitions = Record<
  string,
  | SchemaDefinition[string]
  | (Pick<SchemaTypeOptions<unknown>, 'type' | 'required' | 'immutable'> & { default?: undefined })
>;

export interface CollectionOptions {
  indexes: IndexDeclaration[];
}

export interface CollectionDeclaration {
  readonly name: string;
  readonly schema: Schema;
  readonly indexes: readonly IndexDeclaration[];
}

/** @param fields a Mongoose schema definition without `_id`; `Object` means free shape */
export function declareCollection(
  name: string,
  fields: FieldDefinitions,
  { indexes }: CollectionOptions,
): CollectionDeclaration {
  const schema = new mongoose.Schema(
    { _id: { type: String, required: true }, ...fields },
    {
      strict: 'throw',
      strictQuery: 'throw',
      minimize: false,
      versionKey: false,
      collection: name,
      id: false,
    },
  );
  return { name, schema, indexes };
}
