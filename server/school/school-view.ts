/** What templates and JSON may see of a school and its terms. */
import { z } from 'zod';
import {
  attemptRuleOf,
  attemptRules,
  conflictRules,
  panelConflictRules,
  holdRuleOf,
  guestRuleOf,
  guestRules,
  holdRules,
  minVoicesOf,
  panelAccessDaysOf,
  portfolioSubmitters,
  portfolioSubmittersOf,
  transcriptNameOf,
  transcriptNames,
  type School,
  type Term,
} from './school.js';

export const termAnswer = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  startsOn: z.string(),
  endsOn: z.string(),
  current: z.boolean(),
});

export const schoolAnswer = z.object({
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  timeZone: z.string(),
  locale: z.string(),
  accent: z.string().nullable(),
  address: z.string(),
  motto: z.string(),
  rosterId: z.string().describe('How rosters of a district call this school; empty: not told.'),
  policies: z.object({
    pageSize: z.enum(['letter', 'a4']),
    voices: z.enum(['named', 'by-role']),
    numberPrefix: z.string(),
    panelConflicts: z.object({
      advisor: z.enum(conflictRules),
      relative: z.enum(conflictRules),
      mentor: z.enum(conflictRules),
    }),
    attempts: z.enum(attemptRules),
    panelAccessDays: z
      .number()
      .describe('Days for which panels and visitors read on after an exhibition; 0: until it closes.'),
    minVoices: z.number().describe('Voices that each row should have before a result is published.'),
    holdComments: z.enum(holdRules).describe('Which comments at a gallery wait for review.'),
    signGuests: z.enum(guestRules).describe('When guests who come by the sign of a room count.'),
    portfolioSubmitters: z.enum(portfolioSubmitters).describe('Who may submit a student’s portfolio.'),
    transcriptName: z.enum(transcriptNames).describe('Which name of a student transcripts print.'),
    storage: z
      .object({ studentMegabytes: z.number().optional(), schoolMegabytes: z.number().optional() })
      .describe('What files may take; left out: what the installation allows.'),
  }),
});

export const termView = (term: Term, school: Pick<School, 'currentTermId'>): z.output<typeof termAnswer> => ({
  id: term.id,
  slug: term.slug,
  name: term.name,
  startsOn: term.startsOn,
  endsOn: term.endsOn,
  current: term.id === school.currentTermId,
});

export type SchoolView = z.output<typeof schoolAnswer>;

export const schoolView = (school: School): SchoolView => ({
  id: school.id,
  slug: school.slug,
  name: school.name,
  timeZone: school.timeZone,
  locale: school.locale,
  accent: school.accent,
  address: school.address,
  motto: school.motto,
  rosterId: school.rosterId ?? '',
  policies: {
    ...school.policies,
    panelConflicts: panelConflictRules(school),
    attempts: attemptRuleOf(school),
    holdComments: holdRuleOf(school),
    signGuests: guestRuleOf(school),
    panelAccessDays: panelAccessDaysOf(school),
    minVoices: minVoicesOf(school),
    portfolioSubmitters: portfolioSubmittersOf(school),
    transcriptName: transcriptNameOf(school),
    storage: school.policies.storage ?? {},
  },
});
