/** Reads what a panelist wants with a pin, from a form or a program, and turns it into operations that count once. */
import { z } from 'zod';
import { MAX_NOTE, type Pin, type PinnedWork } from '../artifacts/pin.js';
import { placeBody, readPlace } from '../artifacts/read-place.js';
import { InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { findCriterion, type Rubric } from '../rubrics/rubric.js';
import { MAX_ROW_ID } from './group-rows.js';
import type { Operation } from './score-sheet.js';
import type { WorkView } from './work.js';

const word = z.string().min(1).max(80);
export const pinId = z.string().regex(/^[A-Za-z0-9_-]{8,80}$/, 'scores.problem.operation-id');

export const pinBody = placeBody.extend({
  /** Made up by the sender; sent again it counts once. */
  id: pinId.optional(),
  criterionId: z.string().min(1).max(MAX_ROW_ID),
  artifactVersionId: word.optional(),
  note: z.string().trim().max(MAX_NOTE).default(''),
  /** Id of a pin that the student suggests: its place and note are taken over. */
  take: word.optional(),
});

const add = (criterionId: string, pin: Omit<Pin, 'criterionId'>): Operation => ({
  ...{ id: `pin-${pin.id}`.slice(0, 80), kind: 'add-pin', criterionId, pin },
});
export const removal = (criterionId: string, pin: string): Operation => ({
  ...{ id: `unpin-${pin}`.slice(0, 80), kind: 'remove-pin', criterionId, pinId: pin },
});

/** @throws InvalidInput when the student suggests no such pin for this row */
function takenOver(work: WorkView | null, criterionId: string, suggested: string, id: string): Operation {
  const pin = work?.pieces
    .flatMap(({ pins }) => pins)
    .find((each) => each.id === suggested && each.criterionId === criterionId);
  if (!pin) throw new InvalidInput([{ field: 'take', message: 'scores.problem.no-such-pin' }]);
  const { artifactVersionId, place, note } = pin;
  return add(criterionId, { id, artifactVersionId, place, note });
}

/** @throws InvalidInput on the field that is wrong */
export function pinFrom(rubric: Rubric, work: WorkView | null, body: z.output<typeof pinBody>): Operation {
  const { criterionId, note } = body;
  if (!findCriterion(rubric, criterionId))
    throw new InvalidInput([{ field: 'criterionId', message: 'scores.problem.unknown-criterion' }]);
  const id = body.id ?? newId();
  if (body.take) return takenOver(work, criterionId, body.take, id);
  const piece: PinnedWork | undefined = work?.pieces.find(
    (each) => each.artifactVersionId === body.artifactVersionId,
  );
  if (!piece)
    throw new InvalidInput([{ field: 'artifactVersionId', message: 'scores.problem.unknown-work' }]);
  const { artifactVersionId } = piece;
  return add(criterionId, { id, artifactVersionId, place: readPlace(piece, body), note });
}

/**
 * The buttons inside the sheet's form, which saves everything else as well: `take:<row>:<pin>`,
 * `drop:<row>:<pin>`, `open:<row>`.
 */
export const pinWish = z
  .string()
  .regex(/^(take|drop):[a-z0-9-]{1,110}:[A-Za-z0-9_-]{1,80}$|^open:[a-z0-9-]{1,110}$/)
  .optional();

export interface PinWish {
  /** Where the reader goes on afterwards, below the sheet's address. */
  then: string;
  operations: Operation[];
}

/** @param nonce of the form's showing: the same form sent twice counts once */
export function readPinWish(wish: string | undefined, nonce: string, work: WorkView | null): PinWish | null {
  const [act, row = '', pin = ''] = wish?.split(':') ?? [];
  if (act === undefined) return null;
  if (act === 'open') return { then: `/pins/${row}`, operations: [] };
  const then = `#c-${row}`;
  if (act === 'drop') return { then, operations: [removal(row, pin)] };
  return { then, operations: [takenOver(work, row, pin, `${nonce}-${pin}`.slice(0, 60))] };
}
