/** The shapes that the score routes read and answer, for requests and /openapi.json. */
import { linkMarkAnswer } from '../access/password-link.js';
import { z } from 'zod';
import { MAX_NOTE } from '../artifacts/pin.js';
import { placeSchema } from '../artifacts/read-place.js';
import { pinAnswer } from '../artifacts/show-place.js';
import { MAX_ROW_ID } from './group-rows.js';
import { pinWish } from './read-pin.js';
import { MAX_COMMENT } from './score-sheet.js';

const operationId = z.string().regex(/^[A-Za-z0-9_-]{8,80}$/, 'scores.problem.operation-id');
const name = z.string().min(1).max(60);
const rowId = z.string().min(1).max(MAX_ROW_ID);
const comment = z.string().max(MAX_COMMENT);

const origin = {
  id: operationId,
  device: operationId.optional().describe('Random id of the open page or program that made the change.'),
  seen: z.number().int().min(0).optional().describe('Revision of the sheet that its maker saw.'),
  sequence: z.number().int().min(0).optional().describe('Grows with each change of the same device.'),
  after: z.array(operationId).max(100).optional().describe('Unacknowledged operations that its maker saw.'),
};

export const operation = z.discriminatedUnion('kind', [
  z.object({ ...origin, kind: z.literal('set-level'), criterionId: rowId, levelId: name.nullable() }),
  z.object({
    ...origin,
    kind: z.literal('not-observed'),
    criterionId: rowId,
    notObserved: z.boolean().default(true),
  }),
  z.object({
    ...origin,
    kind: z.literal('set-comment'),
    criterionId: rowId,
    comment,
    levelId: name.optional().describe('Words under this level, for rubrics that ask for them.'),
  }),
  z.object({ ...origin, kind: z.literal('set-overall'), comment }),
  z.object({
    ...origin,
    kind: z.literal('add-pin').describe('Ties a row to a place in the work that the panel sees.'),
    criterionId: rowId,
    pin: z.object({
      id: operationId.describe('Made up by the sender; an id that was removed does not come back.'),
      artifactVersionId: name,
      place: placeSchema,
      note: z.string().trim().max(MAX_NOTE).default(''),
    }),
  }),
  z.object({ ...origin, kind: z.literal('remove-pin'), criterionId: rowId, pinId: operationId }),
  z.object({
    ...origin,
    kind: z.literal('resolve'),
    conflict: operationId.describe('operationId of the conflict.'),
    keep: z.enum(['mine', 'theirs']),
  }),
]);

/** Programs send `operations`; the page without JavaScript sends its fields. */
export const operationsBody = z
  .object({
    operations: z.array(operation).max(200).optional(),
    base: z.coerce.number().int().min(0).optional(),
    nonce: z.string().max(80).optional(),
    then: z.string().max(20).optional(),
    pin: pinWish,
  })
  .catchall(z.string());

const response = z.object({
  levelId: z.string().nullable(),
  notObserved: z.boolean(),
  comment: z.string(),
  notes: z.record(z.string(), z.string()),
  pins: z
    .record(
      z.string(),
      pinAnswer.pick({ id: true, criterionId: true, artifactVersionId: true, place: true, note: true }),
    )
    .optional(),
});
const progress = z.object({ done: z.number(), total: z.number(), missing: z.array(z.string()) });
const state = z.enum(['draft', 'submitted']);

const conflicts = z
  .array(
    z.object({
      operationId: z.string(),
      field: z.string().describe('level.<row>, comment.<row>, note.<row>.<level> or overall'),
      mine: z.string().describe('What the operation said: a level id, :not-observed, or words.'),
      theirs: z.string().describe('What stands in the sheet.'),
      device: z.string().nullable(),
    }),
  )
  .describe('Answers of two devices to one field; the panelist picks one by an operation `resolve`.');

export const appliedAnswer = z.object({
  applied: z.array(z.string()).describe('Ids of the operations that stand in the sheet now.'),
  revision: z.number(),
  savedAt: z.string().nullable(),
  state,
  progress,
  conflicts,
  sheet: z.object({ responses: z.record(z.string(), response), overallComment: z.string() }),
});

/** A sheet that began anew on another phone stays marked. */
export const anew = z
  .array(z.object({ at: z.string(), passAt: z.string(), passBy: z.string().nullable() }))
  .describe(
    'When the sheet was started over on another phone, and when and by whom the pass for it was made.',
  );

const pieces = z.array(
  z.object({
    artifactId: z.string(),
    artifactVersionId: z.string(),
    versionNumber: z.number(),
    title: z.string(),
    caption: z.string(),
    altText: z.string(),
    medium: z.string(),
    shown: z.string().describe('How it is shown, and so what kind of place a pin in it has.'),
    url: z.string().nullable(),
    text: z.string().nullable(),
    extent: z
      .object({ pages: z.number().optional(), seconds: z.number().optional() })
      .optional()
      .describe('How long it is, where that is known: a pin beyond the end is refused.'),
    href: z.string().nullable().describe('Where the piece itself is.'),
    picture: z.string().nullable(),
    media: z.enum(['audio', 'video']).nullable(),
    reflection: z.string(),
    criteria: z.array(z.string()).describe('Names of the rows that the student proves with it.'),
    isEarlier: z.boolean().describe('A version before the one that is shown, to which pins stay tied.'),
    pins: z.array(
      z.object({
        id: z.string(),
        criterionId: z.string(),
        artifactVersionId: z.string(),
        place: placeSchema,
        note: z.string(),
      }),
    ),
  }),
);

const workFacts = { title: z.string(), statement: z.string(), submittedAt: z.string(), pieces };

const workAnswer = z
  .object({
    ...workFacts,
    parts: z
      .array(z.object({ ...workFacts, studentName: z.string() }))
      .describe('Of a group the portfolio of each member; `pieces` has all of them.'),
  })
  .nullable()
  .describe('The portfolio before the panel, as it was submitted.');

export const sheetAnswer = z.object({
  passwordLink: linkMarkAnswer,
  seat: z.object({ id: z.string(), name: z.string(), role: z.string(), chair: z.boolean() }),
  student: z.object({ id: z.string(), name: z.string() }).describe('Who presents; of a group its name.'),
  group: z
    .object({ title: z.string(), members: z.array(z.object({ id: z.string(), name: z.string() })) })
    .nullable()
    .describe('The members who are there, for a group.'),
  exhibition: z.object({ id: z.string(), title: z.string(), phase: z.string() }),
  slot: z.object({
    id: z.string(),
    startsAt: z.string(),
    minutes: z.number(),
    room: z.string(),
    attempt: z.number(),
  }),
  begun: z.boolean().describe('Whether the presentation has begun; before, submitting asks for `early`.'),
  absent: z.boolean().describe('Whoever presents alone did not come.'),
  rubric: z.object({
    slug: z.string(),
    hash: z.string(),
    title: z.string(),
    language: z.string().describe('BCP 47 tag of the language of its words.'),
    direction: z.enum(['ltr', 'rtl']),
  }),
  state,
  takesScores: z.boolean(),
  takesLate: z.boolean().describe('It is closed or published, and the sheet can be handed in to the office.'),
  closedBecause: z
    .string()
    .describe(
      'The phase of the exhibition, or `published`: why the sheet takes no scores, where it takes none.',
    ),
  late: z
    .object({ at: z.string(), note: z.string(), state: z.enum(['waiting', 'admitted', 'declined']) })
    .nullable()
    .describe('When it was handed in after closing, and what the office has decided.'),
  revision: z.number(),
  savedAt: z.string().nullable(),
  submittedAt: z.string().nullable(),
  hash: z.string().nullable(),
  progress,
  conflicts,
  criteria: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      about: z
        .object({ id: z.string(), name: z.string() })
        .nullable()
        .describe(
          'The member of the group that the row is about; null for the whole group, or for somebody alone.',
        ),
      description: z.string().nullable(),
      part: z.enum(['written', 'oral', 'both']),
      unit: z.enum(['individual', 'group']),
      holistic: z.boolean(),
      required: z.boolean(),
      asksForPin: z.boolean().describe('A level on this row needs a pin before the sheet can be submitted.'),
      pins: z.array(pinAnswer),
      suggested: z.array(pinAnswer).describe('Set by the student.'),
      response,
      levels: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          between: z.boolean(),
          neighbors: z.object({ lower: z.string(), upper: z.string() }).nullable(),
          descriptor: z.string().nullable(),
        }),
      ),
    }),
  ),
  overallComment: z.string(),
  anew,
  returnCode: z.string().nullable().describe('For a guest: opens this sheet on another phone.'),
  work: workAnswer,
  workEndedAt: z.string().nullable().describe('When access to the work ended, which is then left out.'),
});
