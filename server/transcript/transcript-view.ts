/** What the transcript templates see: the frozen snapshot made ready to be set, with charts, words and the QR sign. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import qrcode from 'qrcode';
import { narrativeHtml } from '../narratives/narrative-html.js';
import { projectRoot } from '../project-root.js';
import { judgeAccent } from '../rendering/accent.js';
import {
  directionOfText,
  languageOf,
  type Direction,
  type PreferredLanguages,
} from '../rendering/written-language.js';
import { exhibitionWords, outcomeBlocks } from './exhibition-words.js';
import { goalView, MAX_COLUMNS, otherTermWords, type Translate } from './goal-view.js';
import { pageLanguages, studentLanguages } from './snapshot-languages.js';
import { levelReached, studentNumberOf, type TranscriptRubric, type TranscriptSnapshot } from './snapshot.js';

/** A name with what a screen reader and the line breaker must know of its script. */
export interface SetName {
  text: string;
  language: string | null;
  direction: Direction;
}

const setName = (text: string, preferred: PreferredLanguages = 'en'): SetName => ({
  text,
  language: languageOf(text, preferred),
  direction: directionOfText(text),
});

/** Characters from which a statement is set smaller. */
const LONG_STATEMENT = 500;
/** Points: more than this, and what follows the cover is not moved to a page of its own. */
const FULL_COVER = 270;
/** A cover that says less gets so much air above the name, or a third of its page is empty below. */
const AIRY_COVER = 235;
/** One that would need more is no page of its own: what follows begins on it. */
const MAX_AIR = 150;

const styles = new Map<string, string>();

function styleSheet(template: string): string {
  const known = styles.get(template);
  if (known !== undefined) return known;
  const text = readFileSync(path.join(projectRoot, 'views/transcript', template, 'transcript.css'), 'utf8');
  styles.set(template, text);
  return text;
}

/** Text as a CSS string: everything but plain letters, digits and spaces is escaped, so that no name can leave it. */
function cssString(text: string): string {
  const safe = [...text].map((sign) =>
    /[\p{L}\p{M}\p{N} .,·-]/u.test(sign) ? sign : `\\${sign.codePointAt(0)!.toString(16)} `,
  );
  return `"${safe.join('')}"`;
}

/** For the foot of every page, which is one line. */
const shortened = (text: string): string => {
  const letters = [...text];
  return letters.length > 42 ? `${letters.slice(0, 40).join('').trimEnd()}…` : text;
};

/** Chinese and Korean letters take the room of two. */
const widthOf = (name: string): number =>
  [...name].reduce((sum, sign) => sum + (/[\p{Script=Han}\p{Script=Hangul}]/u.test(sign) ? 2 : 1), 0);

/** Letters of a name to a line of the cover, where it is set smaller. */
const NAME_LINE = 24;

/** Size of the name on the cover: long names must not run over three lines. */
function nameSize(name: string): 'normal' | 'long' | 'longest' {
  const width = widthOf(name);
  return width > 42 ? 'longest' : width > 17 ? 'long' : 'normal';
}

interface Summary {
  summary: { name: string; reached: string; otherTerm: string | null }[];
}

/** Letters to a line of the cover's list where terms stand beside the levels. */
const LETTERS_BESIDE_TERM = 28;

/** Lines that one goal of the cover's list takes. */
const linesOf = ({ name, reached, otherTerm }: Summary['summary'][number]): number =>
  otherTerm === null
    ? 1
    : Math.ceil(Math.max(name.length, `${reached} ${otherTerm}`.length) / LETTERS_BESIDE_TERM);

/**
 * Points that the parts of the cover which differ between students take, counted generously: whether the page
 * has room for all of it. Line heights and letters to a line are those of the style sheet.
 */
function coverHeight({ student, intent }: TranscriptSnapshot, rubrics: readonly Summary[]): number {
  const lines = rubrics.flatMap(({ summary }) => summary).reduce((sum, line) => sum + linesOf(line), 0);
  const statement = intent?.statement ?? '';
  const breaks = statement.split('\n').length - 1;
  const statementHeight =
    statement.length > LONG_STATEMENT
      ? (Math.ceil(statement.length / 70) + breaks) * 15
      : (Math.ceil(statement.length / 45) + breaks) * 21;
  const nameLines = Math.ceil(widthOf(student.name) / NAME_LINE);
  const name = nameLines <= 1 ? 0 : nameSize(student.name) === 'long' ? 45 : nameLines * 33 - 51;
  const more = student.nameInOtherScript ? 31 : 0;
  return lines * 15.5 + rubrics.length * 22 + statementHeight + name + more;
}

/**
 * What the levels mean, in parts of two rubrics, all below each other: over as many pages as needed, the last
 * part with the verification.
 */
function levelParts(rubrics: readonly TranscriptRubric[], t: Translate) {
  const keys = rubrics.map((rubric) => ({
    title: rubric.title,
    note: rubric.levels.some(({ describes }) => describes) ? null : t('transcript.levels.by-goal'),
    levels: rubric.levels.map((level, index) => ({
      name: level.name,
      // What the rubric says; a level of which it says nothing has at least a place.
      describes:
        level.describes ??
        (level.between
          ? t('transcript.levels.between', {
              lower: rubric.levels[index - 1]?.name ?? '',
              upper: rubric.levels[index + 1]?.name ?? '',
            })
          : t('transcript.levels.place', { place: index + 1, count: rubric.levels.length })),
      dots: rubric.levels.map((_, place) => place <= index),
    })),
  }));
  const starts = keys.flatMap((_key, index) => (index % 2 === 0 ? [index] : []));
  return starts.map((start) => ({ isFirst: start === 0, keys: keys.slice(start, start + 2) }));
}

/** Address without the scheme: what a person reads and types. */
const typed = (url: string) => url.replace(/^https?:\/\//, '');

/**
 * @param template folder below views/transcript/
 * @param t texts in the snapshot's language
 */
export async function transcriptView(
  snapshot: TranscriptSnapshot,
  t: Translate,
  options: { template: string; pageSize: 'letter' | 'a4'; isDraft?: boolean },
) {
  const qrHtml = options.isDraft
    ? ''
    : await qrcode.toString(snapshot.verifyUrl, { type: 'svg', margin: 0, errorCorrectionLevel: 'M' });
  const accent =
    snapshot.school.accent !== null && judgeAccent(snapshot.school.accent).ok
      ? snapshot.school.accent
      : '#0f5c63';
  const { student, school } = snapshot;
  const studentNumber = studentNumberOf(snapshot);
  const own = studentLanguages(snapshot);
  const running = t('transcript.running', {
    ...{ name: shortened(student.name), school: shortened(school.name), number: snapshot.number },
  });
  const used = snapshot.rubrics.filter((rubric) => rubric.goals.some((goal) => goal.history.length > 0));
  const goals = used.map((rubric) => rubric.goals.map((goal) => goalView(snapshot, rubric, goal, t)));
  const parts = levelParts(used, t);
  const summaries = used.map((rubric) => ({
    summary: rubric.goals.map((goal) => {
      const reached = levelReached(rubric, goal);
      const place = reached ? rubric.levels.indexOf(reached) : -1;
      return {
        name: goal.name,
        reached: reached?.name ?? t('transcript.goals.not-observed'),
        observed: reached !== null,
        otherTerm: otherTermWords(snapshot, rubric, goal, t),
        dots: rubric.levels.map((_, index) => index <= place),
      };
    }),
  }));
  const height = coverHeight(snapshot, summaries);
  const wantedAir = Math.max(0, AIRY_COVER - height);
  const coverAlone = used.length > 0 && height <= FULL_COVER && wantedAir <= MAX_AIR;
  const air = coverAlone ? wantedAir : 0;
  return {
    ...snapshot,
    documentTitle: t('transcript.document-title', { name: student.name, term: snapshot.term.name }),
    pageSize: options.pageSize,
    isDraft: options.isDraft ?? false,
    stylesHtml:
      `@page{size:${options.pageSize === 'a4' ? 'A4' : 'letter'}}` +
      `:root{--air:${air}pt;--accent:${accent};--running:${cssString(running)};--of:${cssString(` ${t('transcript.page-of')} `)}}` +
      styleSheet(options.template),
    name: setName(student.name, own),
    otherName: student.nameInOtherScript ? setName(student.nameInOtherScript, own) : null,
    coverAlone,
    isShort: used.length === 0 && snapshot.narratives.length === 0,
    longStatement: (snapshot.intent?.statement.length ?? 0) > LONG_STATEMENT,
    nameSize: nameSize(student.name),
    schoolName: setName(school.name, snapshot.language),
    facts: [
      ...(student.grade ? [{ label: t('transcript.facts.grade'), value: student.grade, names: null }] : []),
      ...(student.advisory
        ? [{ label: t('transcript.facts.advisory'), value: student.advisory, names: null }]
        : []),
      ...(student.advisors.length > 0
        ? [
            {
              label: t('transcript.facts.advisor', { count: student.advisors.length }),
              names: student.advisors.map((name) => setName(name, snapshot.language)),
            },
          ]
        : []),
      ...(studentNumber ? [{ label: t('transcript.facts.number'), value: studentNumber, names: null }] : []),
    ],
    goalsLead: goals.flat().some(({ showsChart }) => showsChart)
      ? [
          t('transcript.goals.lead'),
          ...(snapshot.terms.length > MAX_COLUMNS
            ? [t('transcript.goals.lead-last', { count: MAX_COLUMNS })]
            : []),
        ].join(' ')
      : null,
    showsTerms: summaries.some(({ summary }) => summary.some(({ otherTerm }) => otherTerm !== null)),
    rubrics: used.map((rubric, index) => ({
      title: rubric.title,
      ...summaries[index],
      credit: rubric.credit,
      goals: goals[index],
    })),
    earlierLevels: parts.slice(0, -1),
    lastLevels: parts.at(-1) ?? null,
    exhibitions: snapshot.exhibitions.map((exhibition) => {
      const words = exhibitionWords(exhibition, t);
      const panel = words.panel.map(({ name, role }) => ({
        name: name === null ? null : setName(name, snapshot.language),
        role,
      }));
      return { ...exhibition, ...words, panel, outcomeBlocks: outcomeBlocks(words.outcomes) };
    }),
    internships: snapshot.internships.map((internship) => ({
      ...internship,
      mentor: setName(internship.mentorName, snapshot.language),
    })),
    narratives: snapshot.narratives.map((narrative) => ({
      ...narrative,
      heading: t(`transcript.narratives.${narrative.voice}`),
      author: setName(narrative.authorName, snapshot.language),
      bodyHtml: narrativeHtml(
        narrative.markdown,
        narrative.voice === 'student' ? own : pageLanguages(snapshot),
      ),
    })),
    qrHtml: qrHtml.replace('<svg ', `<svg role="img" aria-label="${t('transcript.verify.qr')}" `),
    verifyTyped: typed(snapshot.verifyUrl),
  };
}
