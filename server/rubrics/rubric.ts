/**
 * A rubric: criteria down, levels across, and the named rule by which a panel's voices are summed up. It is
 * read from a file that teachers edit, so everything that could be wrong is refused with the place and the
 * reason. A rubric in use never changes: it is pinned by the hash of its content.
 */
import { z } from 'zod';
import { hashOf } from '../canonical.js';

const id = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'use small letters, digits and single hyphens')
  .max(60);
const line = z.string().trim().min(1).max(200);
const prose = z.string().trim().min(1).max(1200);

const level = z
  .strictObject({
    id: id.describe('What scores refer to. Never change it once somebody has scored.'),
    name: line.describe('The word that people see, for example Proficient.'),
    description: prose
      .optional()
      .describe('What the level says of any row, in a sentence or two. Transcripts print it.'),
    value: z
      .number()
      .optional()
      .describe(
        'Optional points. They may repeat and need not rise in equal steps; a score never refers to them.',
      ),
    between: z
      .literal(true)
      .optional()
      .describe('A position between its two neighbours. It has no descriptor of its own.'),
    freeText: z
      .literal(true)
      .optional()
      .describe('The panelist may write a note of their own under this level (single-point rubrics).'),
  })
  .describe('One step of the scale.');

const criterion = z
  .strictObject({
    id: id.describe('What scores refer to. Never change it once somebody has scored.'),
    name: line,
    description: prose.optional().describe('One or two sentences: what this row looks at.'),
    part: z
      .enum(['written', 'oral', 'both'])
      .optional()
      .describe('Which part of the work the row looks at. Left out: both.'),
    unit: z
      .enum(['individual', 'group'])
      .optional()
      .describe('Whether the row is scored for each student or once for the group. Left out: individual.'),
    holistic: z
      .literal(true)
      .optional()
      .describe('A mark for the whole, given by judgement. It is never calculated from the other rows.'),
    required: z
      .boolean()
      .optional()
      .describe(
        'Whether a sheet needs this row (a level or "not observed") to be submitted. Left out: true.',
      ),
    evidence: z
      .literal('pin')
      .optional()
      .describe(
        'Whoever gives this row a level must pin it to a place in the work. Left out: pins are welcome and not asked for.',
      ),
    descriptors: z
      .record(id, prose)
      .describe('Level id → what work at this level looks like, written so that a guest understands it.'),
  })
  .describe('One row.');

export const TALLY_POLICIES = [
  'median-low',
  'median-high',
  'mode',
  'highest-agreed',
  'mean-of-values',
  'voices-only',
] as const;
export type TallyPolicy = (typeof TALLY_POLICIES)[number];

/** Used by highest-agreed when the rubric names no share. */
export const DEFAULT_SHARE = 2 / 3;

const tally = z.strictObject({
  policy: z
    .enum(TALLY_POLICIES)
    .describe(
      'median-low: the middle voice, of two middle ones the lower. median-high: of two the higher. mode: the level most voices gave, nothing on a tie. ' +
        'highest-agreed: the highest level that the agreed share of voices gave or went beyond. mean-of-values: the mean of the level values, a number and no level. voices-only: nothing is summed up.',
    ),
  share: z
    .number()
    .gt(0.5)
    .lte(1)
    .optional()
    .describe('highest-agreed only: the share of voices needed. Left out: two thirds.'),
  threshold: z
    .int()
    .min(0)
    .describe(
      'How many level steps voices may lie apart before the panel should talk. Between-levels count as steps; levels of one value are none apart.',
    ),
  voices: z
    .int()
    .min(1)
    .max(50)
    .optional()
    .describe('How many voices a row should have before a result is published. Left out: one is enough.'),
});

/** The shape of a rubric file. What one field says about another is checked by `rubricRules`. */
export const rubricSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Lets an editor check the file while you type.'),
    slug: id.describe('The name in the address. It equals the file name without .json.'),
    title: line,
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
      .describe('BCP 47 tag of the language it is written in.'),
    description: prose.optional().describe('What the rubric is for, in a few sentences.'),
    credit: prose.optional().describe('Whose structure it follows and who wrote the words.'),
    levels: z.array(level).min(2).max(12).describe('From the lowest to the highest.'),
    describedLevels: z
      .array(id)
      .min(1)
      .optional()
      .describe('Which levels have a descriptor in every row. Left out: all that are not between-levels.'),
    criteria: z.array(criterion).min(1).max(40),
    tally: tally.describe('How the voices of a panel are summed up, by name.'),
  })
  .describe('A Vitrine rubric.');

export type Level = z.infer<typeof level>;
export type Criterion = z.infer<typeof criterion>;
export type TallyRule = z.infer<typeof tally>;
export type Rubric = Omit<z.infer<typeof rubricSchema>, '$schema'>;

/** How everything that uses a rubric names the exact version. */
export interface RubricRef {
  slug: string;
  hash: string;
}

/** What is wrong with a rubric, one line per problem, each starting with the place. */
export class RubricProblems extends Error {
  constructor(
    readonly source: string,
    readonly problems: string[],
  ) {
    super(problems.map((problem) => `${source}: ${problem}`).join('\n'));
    this.name = 'RubricProblems';
  }
}

function duplicates(ids: string[]): string[] {
  return [...new Set(ids.filter((one, at) => ids.indexOf(one) !== at))];
}

function levelRules(levels: Level[]): string[] {
  const problems = duplicates(levels.map((one) => one.id)).map(
    (one) => `levels: the id "${one}" is used twice`,
  );
  levels.forEach((one, at) => {
    const [below, above] = [levels[at - 1], levels[at + 1]];
    if (one.between && (!below || !above || below.between || above.between)) {
      problems.push(`levels[${at}]: a between-level needs a full level on both sides`);
    }
  });
  const valued = levels.filter((one) => one.value !== undefined);
  if (valued.some((one, at) => at > 0 && one.value! < valued[at - 1]!.value!)) {
    problems.push('levels: values may repeat but must not fall from one level to the next');
  }
  const full = levels.filter((one) => !one.between);
  if (valued.length > 0 && full.some((one) => one.value === undefined)) {
    problems.push('levels: either every full level has a value or none has');
  }
  return problems;
}

function criterionRules(rubric: Rubric): string[] {
  const levels = new Map(rubric.levels.map((one) => [one.id, one]));
  const described = describedLevelIds(rubric);
  const problems = duplicates(rubric.criteria.map((one) => one.id)).map(
    (one) => `criteria: the id "${one}" is used twice`,
  );
  for (const one of described) {
    if (!levels.has(one)) problems.push(`describedLevels: there is no level "${one}"`);
    else if (levels.get(one)?.between)
      problems.push(`describedLevels: "${one}" is a between-level and has no descriptor`);
  }
  rubric.criteria.forEach((row, at) => {
    const place = `criteria[${at}] (${row.id}).descriptors`;
    for (const levelId of Object.keys(row.descriptors)) {
      if (!levels.has(levelId)) problems.push(`${place}: there is no level "${levelId}"`);
      else if (!described.includes(levelId))
        problems.push(`${place}: the level "${levelId}" is not described in this rubric`);
    }
    for (const levelId of described) {
      if (levels.has(levelId) && !(levelId in row.descriptors))
        problems.push(`${place}: the level "${levelId}" has no descriptor`);
    }
  });
  return problems;
}

function tallyRules(rubric: Rubric): string[] {
  const problems: string[] = [];
  const { policy, share, threshold } = rubric.tally;
  if (threshold > rubric.levels.length - 1)
    problems.push('tally.threshold: there are not so many level steps');
  if (share !== undefined && policy !== 'highest-agreed')
    problems.push('tally.share: only highest-agreed uses a share');
  if (policy === 'mean-of-values' && rubric.levels.some((one) => one.value === undefined)) {
    problems.push('tally.policy: mean-of-values needs a value on every level');
  }
  return problems;
}

/** Everything that one field says about another; empty when the rubric holds together. */
function rubricRules(rubric: Rubric): string[] {
  return [...levelRules(rubric.levels), ...criterionRules(rubric), ...tallyRules(rubric)];
}

/**
 * A checked rubric out of anything.
 * @param source where it came from, for the message (a file name)
 * @throws RubricProblems with every problem found
 */
export function parseRubric(input: unknown, source: string): Rubric {
  const parsed = rubricSchema.safeParse(input);
  if (!parsed.success) {
    throw new RubricProblems(
      source,
      parsed.error.issues.map((issue) => `${z.core.toDotPath(issue.path) || 'the file'}: ${issue.message}`),
    );
  }
  const rubric: Rubric = { ...parsed.data };
  delete (rubric as { $schema?: string }).$schema;
  const problems = rubricRules(rubric);
  if (problems.length > 0) throw new RubricProblems(source, problems);
  return rubric;
}

/** The hash that pins this content for ever; white space, key order and `$schema` do not matter. */
export function rubricHash(rubric: Rubric): string {
  return hashOf(rubric);
}

export function describedLevelIds(rubric: Rubric): string[] {
  return rubric.describedLevels ?? rubric.levels.filter((one) => !one.between).map((one) => one.id);
}

export function findCriterion(rubric: Rubric, criterionId: string): Criterion | undefined {
  return rubric.criteria.find((one) => one.id === criterionId);
}

/**
 * The place of a level in the order, 0 for the lowest, between-levels counted; -1 when the rubric has no such level.
 */
export function levelPosition(rubric: Rubric, levelId: string): number {
  return rubric.levels.findIndex((one) => one.id === levelId);
}

export function isRequired(row: Criterion): boolean {
  return row.required ?? true;
}
