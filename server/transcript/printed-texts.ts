/** What of a frozen snapshot must be readable on the printed pages, whatever the template does with it. */
import { narrativeText } from '../narratives/narrative-text.js';
import { goalView, otherTermWords, type Translate } from './goal-view.js';
import { exhibitionWords } from './exhibition-words.js';
import { studentNumberOf, type TranscriptExhibition, type TranscriptSnapshot } from './snapshot.js';

function exhibitionTexts(exhibition: TranscriptExhibition, t: Translate): string[] {
  const { again, others, group, missed, panel, outcomes } = exhibitionWords(exhibition, t);
  return [
    ...[
      exhibition.title,
      exhibition.place,
      exhibition.termName ?? '',
      exhibition.portfolio ?? '',
      again ?? '',
      group ?? '',
    ],
    ...[...others.map(({ label }) => label), ...missed],
    ...panel.flatMap(({ name, role }) => [name ?? '', role]),
    ...outcomes.flatMap(({ criterion, level }) => [criterion, level]),
  ];
}

/**
 * As often as they are printed at least: each must have a place of its own on the pages.
 * @param t texts in the snapshot's language
 * @param isDraft it has no number, no code and nobody who issued it
 */
export function printedTexts(snapshot: TranscriptSnapshot, t: Translate, isDraft: boolean): string[] {
  const { student, school, term, intent, language } = snapshot;
  const used = snapshot.rubrics.filter((rubric) => rubric.goals.some((goal) => goal.history.length > 0));
  return [
    ...(isDraft ? [] : [snapshot.number, snapshot.code, snapshot.issued.by, school.address]),
    ...[student.name, student.nameInOtherScript ?? '', school.name, school.motto, term.name],
    ...[studentNumberOf(snapshot) ?? '', student.grade ?? '', student.advisory ?? '', ...student.advisors],
    ...(intent ? [intent.title, intent.statement] : []),
    ...used.flatMap((rubric) => [
      rubric.title,
      ...rubric.levels.flatMap((level) => [level.name, level.describes ?? '']),
      ...rubric.goals.map((goal) => otherTermWords(snapshot, rubric, goal, t) ?? ''),
      ...rubric.goals
        .map((goal) => goalView(snapshot, rubric, goal, t))
        .flatMap((goal) => [
          ...[goal.name, goal.reached, goal.meaning ?? ''],
          goal.showsChart ? goal.words : goal.wordsAlone,
        ]),
    ]),
    ...snapshot.exhibitions.flatMap((each) => exhibitionTexts(each, t)),
    ...snapshot.internships.flatMap((each) => [
      each.organisation,
      each.mentorName,
      each.interest,
      each.summary,
    ]),
    ...snapshot.narratives.flatMap((each) => [each.authorName, narrativeText(each.markdown, language)]),
  ];
}
