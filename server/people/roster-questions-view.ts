/** What pages and programs see of the questions of an import, and of the headings that it understood. */
import { z } from 'zod';
import type { Call } from '../http/route.js';
import type { RosterImportView } from './roster-import-view.js';
import { allKey, bulkKinds, questionKinds, type RosterQuestion } from './roster-questions.js';

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
  const { at = '', id = '' } = params;
  const form = kind === 'absent' && at !== '' ? '-elsewhere' : kind === 'school' && id !== '' ? '-id' : '';
  const sentence = `${kind}${form}`;
  return {
    ...{ kind, key, text: t(`people.import.ask.${sentence}`, params) },
    options: options.map(({ value, label }) => ({
      value,
      label:
        label ??
        t(
          kind === 'role' && value !== 'out'
            ? `common.role.${value}`
            : `people.import.answer.${kind}-${value}`,
        ),
    })),
  };
}

/** So many are shown at once without folding them. */
const MAX_OPEN = 12;

/** The questions by kind, as fields of the form. */
export function questionGroups(
  { t }: Pick<Call, 't'>,
  view: Pick<RosterImportView, 'questions' | 'said' | 'totals'>,
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
          ? longest(questions).map(({ value, label }) => ({ value: value + all, label }))
          : [],
        allEmpty: t('people.import.all-open'),
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
