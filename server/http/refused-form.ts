/** A form that was refused and is shown again: kept with the answer while its page is made. */
import type { Response } from 'express';
import type { TypedFields } from '../forms/typed-fields.js';
import type { OpenedForm } from '../forms/opened-form.js';
import type { AppError } from '../errors.js';

export interface RefusedForm {
  problem: AppError;
  /** Where it was sent, with its query. */
  action: string;
  fields: TypedFields;
  opened: OpenedForm | null;
}

export const refusedOf = (response: Response): RefusedForm | null =>
  (response.locals.refusedForm as RefusedForm | undefined) ?? null;

export function setRefused(response: Response, refused: RefusedForm | null): void {
  response.locals.refusedForm = refused ?? undefined;
}
