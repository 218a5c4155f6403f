/** The page of a roster import or its preview: what would change, what is asked, and what came of it. */
import { pagerOf } from '../http/pager.js';
import { page, type Call, type PageAnswer } from '../http/route.js';
import type { DuplicateSide } from './roster-import.js';
import type { RosterImportView } from './roster-import-view.js';
import { headingLine, questionGroups } from './roster-questions-view.js';

function sideWords({ t }: Pick<Call, 't'>, { name, grade, row, left }: DuplicateSide): string {
  const facts = [
    grade ? t('people.students.grade-line', { grade }) : null,
    row === null
      ? t(left ? 'people.import.side-left' : 'people.import.side-here')
      : t('people.import.side-row', { row }),
  ];
  return `${name} (${facts.filter(Boolean).join(', ')})`;
}

/** Of somebody new the values alone: nothing was there before. */
function changeWords(
  { t }: Pick<Call, 't'>,
  kind: 'created' | 'updated',
  { field, from, to }: RosterImportView['differences'][number]['changes'][number],
): string {
  if (kind === 'updated')
    return t('people.import.change', {
      field: t(`people.import.field.${field}`),
      from: from || '–',
      to: to || '–',
    });
  const label = field === 'guardianIds' ? 'guardians' : field;
  const value = field === 'leftAs' ? t(`people.edit.as-${to}`) : to;
  return t('people.import.fact', { field: t(`people.import.field.${label}`), value });
}

/** What the button does, and what it leaves out. */
function actionWords({ t }: Pick<Call, 't'>, view: RosterImportView, besides: number): string {
  const people = view.created + view.updated;
  const action =
    people > 0
      ? t('people.import.action', { count: people })
      : t(besides > 0 ? 'people.import.action-besides' : 'people.import.action-answers');
  return view.leftOut > 0 ? t('people.import.action-without', { action, count: view.leftOut }) : action;
}

/** Of lists that may be longer than what is shown of them. */
const countsOf = ({ totals, duplicates, unnamed, moved, elsewhere }: RosterImportView) => ({
  pairCount: Math.max(duplicates.length, totals['duplicates'] ?? 0),
  tieCount: Math.max(unnamed.length, totals['unnamed'] ?? 0),
  moveCount: Math.max(moved.length, totals['moved'] ?? 0),
  elsewhereCount: Math.max(elsewhere.length, totals['elsewhere'] ?? 0),
});

export function rosterImportPage(call: Pick<Call, 't'>, view: RosterImportView): PageAnswer {
  const besides = [view.advisories, view.terms].reduce((sum, each) => sum + each.created + each.updated, 0);
  const people = view.created + view.updated;
  return page(
    view.dryRun ? 'people/import-preview' : 'people/import-result',
    {
      ...view,
      differences: view.differences.map((each) => ({
        ...each,
        kindWord: call.t(`people.import.kind.${each.kind}`),
        roleWords: each.roles.map((role) => call.t(`common.role.${role}`)).join(', '),
        changeLines: each.changes.map((change) => changeWords(call, each.kind, change)),
      })),
      moves: view.moved.map(({ rowKey, name, by }) => ({
        ...{ value: rowKey, label: name, help: call.t(`people.import.moved-${by}`) },
      })),
      ...countsOf(view),
      moreErrors: Math.max(0, view.problems - view.errors.length),
      complete: view.missing === 0,
      ...questionGroups(call, view),
      headings: headingLine(call, view),
      gradeLine: view.grades.map((each) => call.t('people.import.grade-read', { ...each })).join(', '),
      given: view.said,
      pairs: view.duplicates.map(({ key, first, second, reasons }) => ({
        value: [`two:${key}`, `same:${key}`].find((each) => view.said.includes(each)),
        label: call.t('people.import.pair', {
          first: sideWords(call, first),
          second: sideWords(call, second),
        }),
        help: call.t('people.import.pair-help', {
          facts: reasons.map((reason) => call.t(`merge.reason.${reason}`)).join(', '),
        }),
        options: [
          { value: `two:${key}`, label: call.t('people.import.pair-two') },
          { value: `same:${key}`, label: call.t('people.import.pair-same') },
        ],
      })),
      ties: view.unnamed.map(({ key, student, guardian }) => ({
        value: key,
        label: call.t('people.import.tie', { student, guardian }),
      })),
      nothing: people + besides + view.unnamed.length + view.questions.length === 0,
      nameLines: view.names.map(({ name, to, href }) => ({
        href,
        label: call.t('people.import.name-waits', { name, to }),
      })),
      action: actionWords(call, view, besides),
      moreOdd: view.odd.total - view.odd.items.length,
      oddLines: view.odd.items.map(({ row, name, remarks }) => ({ row, name, words: remarks.join(' ') })),
      pager: pagerOf({ ...view, items: [] }, `/people/imports/${view.id}`),
    },
    {
      title: call.t(
        view.dryRun
          ? 'people.import.preview-title'
          : view.problems + view.missing + view.names.length > 0
            ? 'people.import.result-title'
            : 'people.import.complete-title',
      ),
      crumbs: [
        { href: '/people', label: call.t('people.people.title') },
        { href: '/people/import', label: call.t('people.import.title') },
      ],
    },
  );
}
