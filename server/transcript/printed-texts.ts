/** What of a frozen snapshot must be readable on the printed pages, whatever the template does with it. */
import sanitizeHtml from 'sanitize-html';
import { narrativeHtml } from '../narratives/narrative-html.js';
import { studentNumberOf, type TranscriptSnapshot } from './snapshot.js';

/** Markdown without its marks and without the addresses of its links; one line per block. */
const plainText = (markdown: string): string =>
  sanitizeHtml(inCells(narrativeHtml(markdown)).replace(/<(?:br|\/(?:p|li|h\d|t[dh]))\b/g, '\n$&'), {
    allowedTags: [],
    allowedAttributes: {},
  }).replace(/&(amp|lt|gt|quot);/g, (_entity, name: string) => signs[name]!);

/** The cells of a row stand beside each other, also where they go on over the page: there, words are looked for one by one. */
const inCells = (html: string): string =>
  html.replace(/<t[dh]\b[^>]*>[^]*?<\/t[dh]>/g, (cell) => cell.replaceAll(' ', '\n'));

const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };

/** @param isDraft it has no number, no code and nobody who issued it */
export function printedTexts(snapshot: TranscriptSnapshot, isDraft: boolean): string[] {
  const { student, school, term, intent } = snapshot;
  const used = snapshot.rubrics.filter((rubric) => rubric.goals.some((goal) => goal.history.length > 0));
  return [
    ...(isDraft ? [] : [snapshot.number, snapshot.code, snapshot.issued.by]),
    ...[student.name, student.nameInOtherScript ?? '', school.name, school.motto, term.name],
    ...[studentNumberOf(snapshot) ?? '', student.grade ?? '', student.advisory ?? '', ...student.advisors],
    ...(intent ? [intent.title, intent.statement] : []),
    ...used.flatMap((rubric) => [
      rubric.title,
      ...rubric.levels.flatMap((level) => [level.name, level.describes ?? '']),
      ...rubric.goals.flatMap((goal) => [goal.name, goal.meaning ?? '']),
    ]),
    ...snapshot.exhibitions.flatMap((each) => [
      ...[each.title, each.place, each.portfolio ?? ''],
      ...each.panel.map((voice) => voice.name ?? ''),
      ...each.outcomes.map((outcome) => outcome.criterion),
    ]),
    ...snapshot.internships.flatMap((each) => [
      each.organisation,
      each.mentorName,
      each.interest,
      each.summary,
    ]),
    ...snapshot.narratives.flatMap((each) => [each.authorName, plainText(each.markdown)]),
  ];
}
