/** Correcting a published result, and reading what it said before. */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { idParams, keptText, prose, several, wholeNumber } from '../http/read-input.js';
import { done, routes } from '../http/route.js';
import { attainments, type Met } from './attainment.js';
import { correctResult } from './correct-result.js';
import { UnansweredConsequences, UnseenConsequences } from './correction-consequences.js';
import { consequenceView } from './correction-page.js';
import { findEarlierResult } from './earlier-result-records.js';
import { resultAnswer } from './result-answers.js';
import { findResult } from './result-records.js';
import { resultPage, resultReaders } from './result-routes.js';
import { versionOf } from './result.js';
import { MAX_CORRECTION_REASON } from './revision.js';
import { sayingWhy, stateField } from './say-refusal.js';

const MAX_VERSIONS = 10_000;

/** `row:level`, as a form with one choice for each row sends them. */
const levelOfRow = z
  .string()
  .max(130)
  .regex(/^([a-z0-9-]+:[a-z0-9-]+)?$/, 'scores.problem.unknown-level');

const readLevels = (levels: readonly string[]) =>
  levels
    .filter((each) => each !== '')
    .map((each) => {
      const [criterionId = '', levelId = ''] = each.split(':');
      return { criterionId, levelId };
    });

/** `slot:outcome`, and `slot:row`. */
const answerText = z
  .string()
  .max(130)
  .regex(new RegExp(`^([A-Za-z0-9-]+:(${attainments.join('|')}))?$`), 'results.problem.outcome-missing');
const missedText = z
  .string()
  .max(130)
  .regex(/^[A-Za-z0-9-]+:[a-z0-9-]+$/, 'scores.problem.unknown-criterion');
const pairsOf = (list: readonly string[]): [string, string][] =>
  list.filter((each) => each !== '').map((each) => each.split(':', 2) as [string, string]);

const consequencesOf = (problem: unknown) =>
  problem instanceof UnseenConsequences || problem instanceof UnansweredConsequences
    ? problem.consequences
    : [];

export const correctionRoutes = routes('results');

correctionRoutes.get(
  '/slots/:id/result/versions/:version',
  {
    summary: 'What a published result said before it was corrected, for whoever reads the result',
    who: resultReaders,
    params: idParams.extend({ version: wholeNumber(1, MAX_VERSIONS) }),
    answer: resultAnswer,
  },
  async (call) => {
    const { id, version } = call.params;
    const current = await findResult(call.scope, id);
    if (current && versionOf(current) === version) return resultPage(call);
    const earlier = current && (await findEarlierResult(call.scope, id, version));
    if (!earlier) throw new NotFound();
    return resultPage(call, earlier);
  },
);

correctionRoutes.post(
  '/slots/:id/result/corrections',
  {
    summary:
      'Correct a published result by a new version with a reason; student and family are told, and the version before stays readable. The chair says whose sheets count, the office everything',
    who: ['advisor', 'panelist', 'registrar', 'admin'],
    params: idParams,
    body: z.object({
      reason: prose(MAX_CORRECTION_REASON).describe('Student and family read it.'),
      levels: several(levelOfRow).describe(
        'Rows that come to another level, each as `<criterion>:<level>`: recorded as a moderation with the same reason.',
      ),
      setAside: several(z.string().max(64)).describe('Seats whose sheet counts nowhere any more.'),
      countAgain: several(z.string().max(64)).describe('Seats whose sheet counts again.'),
      admit: several(z.string().max(64)).describe('Seats of guests who are admitted: their sheet counts.'),
      consequences: several(z.string().max(100)).describe(
        'Each `seen` of the consequences in the answer 409 `unconfirmed`: they were read.',
      ),
      answers: several(answerText).describe(
        'The outcome where another one is proposed, each as `<slotId>:<outcome>`.',
      ),
      answersMissed: several(missedText).describe('The rows of “not yet”, each as `<slotId>:<criterion>`.'),
      outcome: z
        .enum([...attainments, 'none'], { error: 'results.problem.outcome-missing' })
        .optional()
        .describe('Left out: as it was. Needed where the levels propose another one.'),
      missed: several(z.string().max(60)),
      words: keptText(MAX_CORRECTION_REASON),
      state: stateField,
    }),
    answer: z.object({ slotId: z.string(), version: z.number(), at: z.string(), hash: z.string() }),
    status: 201,
    again: async (call, problem) => ({
      ...(await resultPage(call, null, consequencesOf(problem))),
      form: 'correct-',
    }),
  },
  async (call) => {
    const { id } = call.params;
    const { levels, answers, answersMissed, ...body } = call.body;
    const asked = {
      ...{ ...body, levels: readLevels(levels) },
      answers: pairsOf(answers).map(([slotId, outcome]) => ({ slotId, outcome: outcome as Met })),
      answersMissed: pairsOf(answersMissed).map(([slotId, criterionId]) => ({ slotId, criterionId })),
    };
    const { clock, rubrics, log } = call.context;
    const result = await sayingWhy(call, id, () =>
      correctResult({ clock, rubrics, log }, call.scope, call.actor, id, asked),
    ).catch((error: unknown) => {
      if (!(error instanceof UnseenConsequences)) throw error;
      const consequences = error.consequences.map((each) => consequenceView(call, each));
      throw new UnseenConsequences(error.consequences, { consequences });
    });
    const view = {
      ...{ slotId: id, version: versionOf(result), hash: result.hash },
      at: (result.correction?.at ?? result.publishedAt).toISOString(),
    };
    return done(`/slots/${id}/result`, view, { status: 201, notice: 'results.notice.corrected' });
  },
);
