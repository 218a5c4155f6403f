/** What pages and programs see of an erasure and of its preview. */
import { z } from 'zod';
import { traceOutcomes, type ErasePart } from '../person-traces.js';
import { erasureExtents, erasureGrounds, type Erasure, type ErasureExtent } from './erasure.js';
import { countsByOutcome, type TraceCounts, type Unfinished } from './preview-erasure.js';

const countsAnswer = z
  .array(z.object({ outcome: z.enum(traceOutcomes), kind: z.string(), words: z.string(), count: z.number() }))
  .describe('Numbers of records: erased, kept without the name, kept as they are.');

export const previewAnswer = z.object({
  person: z.object({ id: z.string(), displayName: z.string() }),
  extent: z.enum(erasureExtents),
  byName: z.boolean().describe('Also where nothing but a name says who it was.'),
  counts: countsAnswer,
  unfinished: z
    .array(
      z.object({
        slotId: z.string(),
        exhibition: z.string(),
        startsAt: z.iso.datetime(),
        as: z.enum(['presenter', 'panelist']),
      }),
    )
    .describe('Presentations and panels that are not over: these are removed first.'),
});

export const erasureAnswer = z.object({
  id: z.string(),
  personId: z.string(),
  state: z.enum(['running', 'done']),
  ground: z.enum(erasureGrounds),
  reason: z.string(),
  extent: z.enum(erasureExtents),
  byName: z.boolean().describe('Also where nothing but a name says who it was.'),
  requestedAt: z.iso.datetime(),
  requestedBy: z.string().describe('Name of the administrator.'),
  doneAt: z.iso.datetime().nullable(),
  counts: countsAnswer,
  filesWaiting: z
    .number()
    .describe('Files whose bytes could not be removed yet; this is tried again until it succeeds.'),
});

type Translate = (key: string) => string;

export const countLines = (counts: TraceCounts, t: Translate): z.output<typeof countsAnswer> =>
  traceOutcomes.flatMap((outcome) =>
    counts[outcome].map(({ kind, count }) => ({ outcome, kind, words: t(`erasure.kind.${kind}`), count })),
  );

/** The same in groups, for the page: what is kept says why. */
export const countGroups = (lines: z.output<typeof countsAnswer>, t: Translate) =>
  traceOutcomes.flatMap((outcome) => {
    const own = lines.filter((line) => line.outcome === outcome);
    const why = (kind: string) => (outcome === 'kept' ? t(`erasure.why.${kind}`) : null);
    return own.length > 0
      ? [
          {
            outcome,
            title: t(`erasure.outcome.${outcome}`),
            lede: t(`erasure.outcome.${outcome}-lede`),
            lines: own.map((line) => ({ ...line, why: why(line.kind) })),
          },
        ]
      : [];
  });

export const unfinishedView = ({ slotId, exhibitionTitle, startsAt, as }: Unfinished) => ({
  ...{ slotId, exhibition: exhibitionTitle, startsAt: startsAt.toISOString(), as },
});

const extentOf = ({ keepIssued, eraseTranscripts }: Erasure): ErasureExtent =>
  keepIssued ? 'keep-issued' : eraseTranscripts ? 'everything' : 'records';

export const erasureView = (
  erasure: Erasure,
  {
    parts,
    requestedBy,
    filesWaiting,
    t,
  }: { parts: readonly ErasePart[]; requestedBy: string; filesWaiting: number; t: Translate },
): z.output<typeof erasureAnswer> => ({
  ...{ id: erasure.id, personId: erasure.personId, state: erasure.state },
  ...{ ground: erasure.ground, reason: erasure.reason, extent: extentOf(erasure) },
  byName: erasure.byName ?? false,
  ...{ requestedAt: erasure.requestedAt.toISOString(), requestedBy },
  doneAt: erasure.doneAt?.toISOString() ?? null,
  counts: countLines(countsByOutcome(parts, erasure.counts), t),
  filesWaiting,
});
