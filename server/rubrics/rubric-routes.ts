/** Reading rubrics. They belong to no school, so everybody who is signed in may. */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { wholeList } from '../http/pager.js';
import { listOf } from '../http/read-input.js';
import { page, routes } from '../http/route.js';
import { rubricHash } from './rubric.js';
import { rubricLine, rubricView } from './rubric-view.js';

export const rubricRoutes = routes('rubrics');

const level = z.object({ id: z.string(), name: z.string(), between: z.boolean() });
const lineAnswer = z.object({
  slug: z.string(),
  hash: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  language: z.string(),
  levels: z.array(level),
  criteria: z.array(z.object({ id: z.string(), name: z.string() })),
});
const rubricAnswer = lineAnswer.extend({
  current: z.boolean(),
  credit: z.string().nullable(),
  levels: z.array(level.extend({ value: z.number().nullable(), freeText: z.boolean() })),
  criteria: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      description: z.string().nullable(),
      part: z.enum(['written', 'oral', 'both']),
      unit: z.enum(['individual', 'group']),
      holistic: z.boolean(),
      required: z.boolean(),
      levels: z.array(z.object({ id: z.string(), name: z.string(), descriptor: z.string().nullable() })),
    }),
  ),
  tally: z.object({
    policy: z.string(),
    share: z.number().nullable(),
    threshold: z.number(),
    voices: z.number().nullable().describe('How many voices a row should have before a result is published.'),
  }),
});

rubricRoutes.get(
  '/rubrics',
  {
    summary: 'The rubrics that can be chosen today',
    who: 'signed-in',
    answer: listOf(lineAnswer),
  },
  async (call) => {
    const items = call.context.rubrics.list().map((rubric) => rubricLine(rubric, rubricHash(rubric)));
    return page('rubrics/list', wholeList(items), { title: call.t('rubrics.list.title') });
  },
);

rubricRoutes.get(
  '/rubrics/:slug',
  {
    summary: 'One rubric with all its words; an older version by its hash',
    who: 'signed-in',
    params: z.object({ slug: z.string().max(60) }),
    query: z.object({
      hash: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    }),
    answer: rubricAnswer,
  },
  async (call) => {
    const { rubrics } = call.context;
    const wanted = call.query.hash;
    const today = rubrics.list().some((rubric) => rubric.slug === call.params.slug)
      ? rubrics.bySlug(call.params.slug)
      : null;
    const hash = wanted ?? rubrics.bySlug(call.params.slug).hash;
    const rubric = await rubrics.byHash(hash);
    if (rubric.slug !== call.params.slug) throw new NotFound('rubrics.problem.unknown');
    return page('rubrics/rubric', rubricView(rubric, hash, today?.hash === hash), {
      title: rubric.title,
      crumbs: [{ href: '/rubrics', label: call.t('rubrics.list.title') }],
    });
  },
);
