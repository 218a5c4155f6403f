/** What pages and programs see of the questions of an import, and of the headings that it understood. */
import { z } from 'zod';
import type { Call } from '../http/route.js';
import type { RosterImportView } from './roster-import-view.js';
import {
  allKey,
  bulkKinds,
  questionKinds,
  type AnswerOption,
  type RosterQuestion,
} from './roster-questions.js';

export const questionAnswer = z.object({
  kind: z.enum(questionKinds),
  key: z.string(),
  text: z.string(),
  options: z.array(z.object({ value: z.string(), label: z.string() })),
});
export const columnsAnswer = z
  .object({
    row: z.number(),
    used: z.array(z.object({ heading: z.string(), column: z.string() })),
    ignored: z.array(z.string()),
  })
  .nullable();

export function questionView(
  { t }: Pick<Call, 't'>,
  { kind, key, params, options }: RosterQuestion,
): z.output<typeof questionAnswer> {
  const { at = '', id = '', grade = '' } = params;
  const form =
    kind === 'absent' && at !== ''
      ? '-elsewhere'
      : kind === 'school' && id !== ''
        ? '-id'
        : kind === 'name' && grade !== ''
          ? '-grade'
          : '';
  const sentence = `${kind}${form}`;
  return {
    ...{ kind, key, text: t(`people.import.ask.${sentence}`, params) },
    options: options.map(({ value, label, person }) => ({
      value,
      label: label ?? (person ? personLabel({ t }, value, person) : t(answerKey(kind, value))),
    })),
  };
}

const answerKey = (kind: RosterQuestion['kind'], value: string): string =>
  kind === 'role' && value !== 'out' ? `common.role.${value}` : `people.import.answer.${kind}-${value}`;

function personLabel(
  { t }: Pick<Call, 't'>,
  value: string,
  person: NonNullable<AnswerOption['person']>,
): string {
  const params = { who: person.name, facts: factsOf({ t }, person) };
  return value === 'same'
    ? t('people.import.answer.name-person', params)
    : t('people.import.answer.name-other', params);
}

/** What tells somebody of the school from others of the same name. */
const factsOf = (
  { t }: Pick<Call, 't'>,
  { grade, left }: Pick<NonNullable<AnswerOption['person']>, 'grade' | 'left'>,
): string =>
  [
    ...(grade ? [t('people.students.grade-line', { grade })] : []),
    t(left === null ? 'people.import.side-here' : `people.import.side-${left}`),
  ].join(', ');

/** So many are shown at once without folding them. */
const MAX_OPEN = 12;

/** The questions by kind, as fields of the form. */
export function questionGroups(
  { t }: Pick<Call, 't'>,
  view: Pick<RosterImportView, 'questions' | 'said' | 'totals' | 'manyAbsent' | 'leaving'>,
) {
  const groups = questionKinds.flatMap((kind) => {
    const questions = view.questions.filter((each) => each.kind === kind);
    if (questions.length === 0) return [];
    const fields = questions.map(({ key, text, options }) => ({
      label: text,
      empty: t(`people.import.open.${kind}`),
      options: options.map(({ value, label }) => ({ value: `${value}:${key}`, label })),
      value: options.map(({ value }) => `${value}:${key}`).find((each) => view.said.includes(each)),
    }));
    const count = Math.max(fields.length, view.totals[kind] ?? 0);
    const all = `:${allKey(kind)}`;
    const forAll = bulkKinds.includes(kind) && count > 1;
    return [
      {
        ...{
          kind,
          fields,
          open: fields.length <= MAX_OPEN,
          value: view.said.find((each) => each.endsWith(all)),
        },
        title: t(`people.import.asked.${kind}`, { count }),
        help: t(`people.import.asked-help.${kind}`),
        allOptions: forAll
          ? (kind === 'name' ? namesAtOnce({ t }) : longest(questions).filter(isForAll)).map(
              ({ value, label }) => ({
                ...{ value: value + all, label },
              }),
            )
          : [],
        ...(forAll
          ? { allLabel: t('people.import.all', { count }), allEmpty: t('people.import.all-open') }
          : {}),
        ...(kind === 'absent' && view.manyAbsent !== null ? { confirm: confirmation({ t }, view) } : {}),
        more: count - fields.length,
      },
    ];
  });
  return {
    groups,
    /** Answers that change what else there is to see. */
    looksAgain: groups.some(({ kind }) => kind !== 'absent'),
    /** Without this answer nothing can be read. */
    schoolOpen: groups.some(
      ({ kind, fields }) => kind === 'school' && fields.some(({ value }) => value === undefined),
    ),
  };
}

/** Of several who have a name somebody says which one; of one person it can be said of all rows at once. */
const namesAtOnce = ({ t }: Pick<Call, 't'>): { value: string; label: string }[] =>
  ['same', 'two'].map((value) => ({ value, label: t(`people.import.answer.name-${value}`) }));

/** Of somebody who is not in the file it is the same as no answer, except where all others leave. */
const isForAll = ({ value }: { value: string }): boolean => value !== 'here';

/** The tick without which so many do not leave at once. */
const confirmation = (
  { t }: Pick<Call, 't'>,
  { manyAbsent, leaving }: Pick<RosterImportView, 'manyAbsent' | 'leaving'>,
) => ({
  label: t('people.import.leaving', { count: manyAbsent ?? 0 }),
  help: t('people.import.leaving-help'),
  value: String(manyAbsent),
  isTicked: leaving === manyAbsent,
});

/** All that can be answered to one of them: for students it is more than for others. */
const longest = (questions: RosterImportView['questions']) =>
  questions.reduce(
    (most, { options }) => (options.length > most.length ? options : most),
    questions[0]!.options,
  );

export function headingLine({ t }: Pick<Call, 't'>, { columns }: Pick<RosterImportView, 'columns'>) {
  if (!columns) return null;
  const { row, used, ignored } = columns;
  return {
    row: t('people.import.heading-row', { row }),
    used: used
      .map(({ heading, column }) =>
        heading.toLowerCase() === column ? heading : t('people.import.heading-used', { heading, column }),
      )
      .join(', '),
    ignored: ignored.join(', '),
  };
}
