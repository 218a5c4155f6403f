/** What programs get of a result, for /openapi.json. */
import { linkMarkAnswer } from '../access/password-link.js';
import { z } from 'zod';
import { anew } from '../scores/score-answers.js';
import {
  attainmentAnswer,
  attemptAnswer,
  attainmentProposalAnswer,
  unneededAnswer,
} from './attainment-view.js';
import { pinAnswer } from '../artifacts/show-place.js';
import { notCountedReasons } from '../exhibitions/counting/counted-seats.js';
import { decisionKinds } from './decision.js';
import { correctionAnswer, correctorAnswer, resultVersionAnswer } from './correction-page.js';
import { warningAnswer } from './publish-warnings.js';
import { lateSheetAnswer } from './show-warnings.js';
import { stateAnswer } from './say-refusal.js';

export const voice = z.object({
  seatId: z.string(),
  name: z.string().nullable(),
  role: z.string(),
  chair: z.boolean(),
  visit: z.boolean().describe('A visitor of a stand, not of the panel.'),
  initials: z.string(),
  notCounted: z
    .object({ why: z.enum(notCountedReasons), reason: z.string().nullable() })
    .nullable()
    .describe('The voice stays in the record and counts nowhere; student and family do not read it.'),
});

const anewSheets = z
  .array(z.object({ seatId: z.string(), name: z.string(), anew }))
  .describe('Sheets that were started over on another phone.');

const criterion = z.object({
  id: z.string(),
  name: z.string(),
  section: z.enum(['individual', 'group', 'holistic']),
  levels: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      between: z.boolean(),
      descriptor: z.string().nullable().describe('What the rubric says of this level on this row.'),
      value: z.number().nullable(),
      decided: z.boolean().describe('By people: a consensus or a moderation.'),
      tallied: z.boolean().describe('What the rule makes of the voices, where nobody has decided otherwise.'),
      voices: z.number(),
      pins: z.number().describe('Places in the work that those who name this level have pinned.'),
      marks: z.array(z.object({ initials: z.string(), label: z.string() })),
    }),
  ),
  scored: z.number(),
  notObserved: z.array(z.string()),
  spread: z.number().nullable(),
  needsTalk: z.boolean(),
  tally: z
    .object({
      levelId: z.string().nullable(),
      number: z.number().nullable().describe('The mean, rounded to two decimals.'),
      why: z.enum(['decided', 'number-only', 'no-voice', 'tie', 'voices-only']),
      tiedLevelIds: z.array(z.string()),
      values: z.array(z.number()).nullable().describe('Of a mean: the values of the voices, lowest first.'),
      share: z
        .object({ percent: z.number(), needed: z.number(), reached: z.number(), voices: z.number() })
        .nullable()
        .describe('Of a share: how many voices are needed, rounded up, and how many reach the level.'),
    })
    .nullable()
    .describe('What the rubric’s rule makes of the voices. Null for a panel that is still talking.'),
  outcome: z
    .object({ levelId: z.string().nullable(), by: z.enum(['tally', ...decisionKinds]) })
    .describe('What the row comes to: the decision of the panel where there is one, else the tally.'),
  revisions: z
    .array(
      z.object({
        voice,
        before: z.string().nullable().describe('Name of the level; null is "not observed".'),
        after: z.string().nullable(),
        reason: z.string(),
        at: z.string(),
      }),
    )
    .describe('In the order in which they were made. The tally reads the latest of each voice.'),
  panelDecisions: z
    .array(
      z.object({
        kind: z.enum(decisionKinds),
        levelId: z.string(),
        reason: z.string(),
        by: z.string().nullable(),
        as: z.enum(['chair', 'registrar', 'admin']),
        at: z.string(),
        counts: z.boolean(),
      }),
    )
    .describe('Consensus and moderation, the one that counts last.'),
  evidence: z.array(z.object({ voice, pins: z.array(pinAnswer) })),
  comments: z.array(z.object({ voice, level: z.string().nullable(), comment: z.string() })),
});

const slotFacts = {
  slot: z.object({
    id: z.string(),
    presentationId: z.string().describe('Of a group the slot of its first member, at which the panel sits.'),
    startsAt: z.string(),
    minutes: z.number(),
    room: z.string(),
    attempt: z.number(),
  }),
  exhibition: z.object({ id: z.string(), title: z.string(), phase: z.string() }),
  student: z.object({ id: z.string(), name: z.string() }),
  group: z
    .array(
      z.object({
        slotId: z.string(),
        name: z.string(),
        absent: z.boolean(),
        current: z.boolean(),
        readable: z.boolean().describe('Whether their page is for this reader.'),
      }),
    )
    .describe('Everybody who presented together; each has a result of their own. Empty for somebody alone.'),
  rubric: z.object({ slug: z.string(), title: z.string(), hash: z.string() }),
};

const lateSheets = z
  .array(lateSheetAnswer)
  .describe('Sheets that were handed in after closing or publishing; the office has not decided on them.');

export const revealAnswer = z.object({
  ...slotFacts,
  state: stateAnswer,
  revealed: z.boolean().describe('False: no score is in the answer.'),
  awaited: z.array(z.string()).describe('Whose sheets are missing.'),
  lateSheets,
  publishedAt: z.string().nullable(),
  voices: z.array(voice),
  anew: anewSheets,
  tallyHidden: z.boolean().describe('The panel talks; what the rule makes of its voices is shown later.'),
  rows: z.array(criterion).describe('Rows whose voices lie, or lay, further apart than the rubric permits.'),
  agreeing: z.array(z.object({ id: z.string(), name: z.string() })),
});

export const revisionAnswer = z.object({
  id: z.string().describe('The id that was sent.'),
  seatId: z.string(),
  slotId: z.string(),
  criterionId: z.string(),
  levelId: z.string().nullable(),
  notObserved: z.boolean(),
  reason: z.string(),
  at: z.string(),
});

export const decisionAnswer = z.object({
  id: z.string(),
  slotId: z.string(),
  criterionId: z.string(),
  kind: z.enum(decisionKinds),
  levelId: z.string(),
  reason: z.string(),
  at: z.string(),
});

export const resultAnswer = z.object({
  sight: z
    .enum(['open', 'own-sheet-first', 'not-revealed', 'not-admitted', 'not-published'])
    .describe('Anything but open: no score is in the answer.'),
  ...slotFacts,
  state: stateAnswer,
  correction: correctionAnswer.nullable().describe('Why it says something else than when it was published.'),
  versions: z.array(resultVersionAnswer).describe('What it said before, too, the first one first.'),
  warnings: z.array(warningAnswer).describe('What whoever may publish is asked about first.'),
  correctors: z
    .array(correctorAnswer)
    .describe('Who can correct it, for whoever may publish but not correct.'),
  lateSheets,
  publishedAt: z.string().nullable(),
  voices: z.array(voice),
  tallyHidden: z.boolean(),
  anew: anewSheets,
  signedByLink: z
    .array(
      z.object({
        what: z.enum(['sheet', 'revision', 'decision', 'publish']),
        name: z.string().nullable(),
        passwordLink: linkMarkAnswer,
      }),
    )
    .describe('What accounts signed within a day after a password link was used.'),
  corrected: z
    .array(z.object({ name: z.string(), at: z.string() }))
    .describe('Who is shown by a corrected name, and since when; the sealed result keeps the earlier one.'),
  decided: z
    .array(
      z.object({
        ...{ id: z.string(), name: z.string(), before: z.string().nullable(), after: z.string().nullable() },
        ...{ reason: z.string(), by: z.string().nullable(), as: z.enum(['chair', 'registrar', 'admin']) },
      }),
    )
    .describe('Criteria whose level people have changed: names of the levels, who decided last and why.'),
  criteria: z.array(criterion),
  overall: z.array(z.object({ voice, comment: z.string() })),
  attainment: attainmentAnswer.nullable().describe('Met or not yet, once published.'),
  proposal: attainmentProposalAnswer.nullable(),
  attemptsState: z
    .string()
    .nullable()
    .describe('For whoever may say which attempt counts: sent back as `state` with that.'),
  unneeded: unneededAnswer.nullable(),
  attempts: z.array(attemptAnswer).describe('Every attempt that the reader may know of, this one included.'),
  visits: z
    .array(
      z.object({
        name: z.string().nullable(),
        role: z.string(),
        initials: z.string(),
        feedback: z.array(z.object({ prompt: z.string(), words: z.string() })),
        hidden: z.boolean().describe('Set aside from what student and family read.'),
      }),
    )
    .describe('What visitors of the stand wrote, once it is over.'),
});
