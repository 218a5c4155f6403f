/**
 * Puts corrected names into the free text of a transcript, where the registrar decided so; lines that name a
 * person by id have them already.
 */
import type { NamePrinter } from '../people/printed-name.js';
import type { TranscriptFacts } from './gather-facts.js';

export function printNames(facts: TranscriptFacts, { prose }: NamePrinter): TranscriptFacts {
  const { intent, exhibitions, internships, narratives } = facts;
  return {
    ...facts,
    intent: intent && { title: prose(intent.title), statement: prose(intent.statement) },
    exhibitions: exhibitions.map((each) => ({
      ...each,
      title: prose(each.title),
      portfolio: each.portfolio === null ? null : prose(each.portfolio),
    })),
    internships: internships.map((each) => ({
      ...each,
      mentorName: prose(each.mentorName),
      summary: prose(each.summary),
    })),
    narratives: narratives.map((each) => ({ ...each, markdown: prose(each.markdown) })),
  };
}
