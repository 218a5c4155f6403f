/**
 * Whose Chinese characters those of a transcript are. A name like 山田太郎 does not tell it by itself: the
 * records of the student do, else what the student wrote. Pure.
 */
import { hanLanguageOf } from '../rendering/han-language.js';
import { mainLanguageOf } from '../rendering/language-runs.js';
import { languageOf } from '../rendering/written-language.js';
import type { TranscriptSnapshot } from './snapshot.js';

type Written = Pick<TranscriptSnapshot, 'language' | 'student' | 'intent' | 'exhibitions' | 'narratives'>;

/** Of the student's own name and words, the most likely first. */
export function studentLanguages({ language, student, intent, narratives }: Written): string[] {
  const words = [
    ...(intent ? [`${intent.title}\n${intent.statement}`] : []),
    ...narratives.filter(({ voice }) => voice === 'student').map(({ markdown }) => markdown),
  ].map((text) => mainLanguageOf(text, language));
  const told = [student.language ?? null, languageOf(student.nameInOtherScript ?? '', language), ...words];
  return [...told.filter((tag) => tag !== null && hanLanguageOf(tag) !== null), language] as string[];
}

/** Of everything else on the page: what the school writes comes first. */
export const pageLanguages = (snapshot: Written): string[] => [
  snapshot.language,
  ...studentLanguages(snapshot),
];

/**
 * To spread into the frozen student: the language that the records say, where the page is drawn otherwise without it.
 * @param recorded as the roster has it, e.g. `Japanese`
 */
export function languageToFreeze(facts: Written, recorded: string | null): { language?: string } {
  const language = hanLanguageOf(recorded);
  if (language === null) return {};
  const texts = [
    ...[facts.student.name, facts.student.nameInOtherScript ?? '', facts.intent?.title ?? ''],
    ...facts.exhibitions.flatMap(({ title, portfolio }) => [title, portfolio ?? '']),
  ];
  const without = studentLanguages(facts);
  const isDrawnOtherwise = (text: string) =>
    languageOf(text, without) !== languageOf(text, [language, ...without]);
  return texts.some(isDrawnOtherwise) ? { language } : {};
}
