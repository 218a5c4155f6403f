/** Reads the school's settings as the form and programs send them: what is left out stays as it is. */
import { z } from 'zod';
import { flag, keptLine, wholeNumber } from '../http/read-input.js';
import { changedFields } from './school-fields.js';
import {
  attemptRuleOf,
  attemptRules,
  conflictRules,
  panelConflictRules,
  holdRuleOf,
  guestRuleOf,
  guestRules,
  holdRules,
  MAX_MIN_VOICES,
  MAX_PANEL_ACCESS_DAYS,
  minVoicesOf,
  panelAccessDaysOf,
  portfolioSubmitters,
  portfolioSubmittersOf,
  transcriptNameOf,
  transcriptNames,
  type School,
} from './school.js';

const quotaField = z.union([z.literal(''), wholeNumber(1, 1_000_000_000)]).optional();

/** Whatever is left out stays as it is. */
export const settingsBody = changedFields.extend({
  /** How rosters of a district call this school; empty: they find it by its name. Left out: as it was. */
  rosterId: keptLine(120),
  pageSize: z.enum(['letter', 'a4']).optional(),
  voices: z.enum(['named', 'by-role']).optional(),
  numberPrefix: z
    .string()
    .trim()
    .max(8)
    .regex(/^[A-Z0-9]*$/, 'school.problem.prefix')
    .optional(),
  advisorOnPanel: z.enum(conflictRules).optional(),
  relativeOnPanel: z.enum(conflictRules).optional(),
  mentorOnPanel: z.enum(conflictRules).optional(),
  attempts: z.enum(attemptRules).optional(),
  holdComments: z.enum(holdRules).optional(),
  signGuests: z.enum(guestRules).optional(),
  /** Days for which panels and visitors read on after an exhibition; 0: until it closes. */
  panelAccessDays: wholeNumber(0, MAX_PANEL_ACCESS_DAYS).optional(),
  /** Voices that each row should have before a result is published without a question. */
  minVoices: wholeNumber(1, MAX_MIN_VOICES).optional(),
  transcriptName: z.enum(transcriptNames).optional(),
  portfolioSubmitters: z.enum(portfolioSubmitters).optional(),
  /**
   * Megabytes that one student, and the whole school, may keep; empty: what the installation allows. Left
   * out: as it was.
   */
  studentQuota: quotaField,
  schoolQuota: quotaField,
  /** Needed for another time zone where presentations are ahead: whoever sends it has seen what moves. */
  zoneConfirmed: flag.optional(),
});
/** A school as a GET answers it: its policies lie together there. */
export function settingsOf({ school, ...given }: Record<string, unknown>): Record<string, unknown> {
  const { policies, ...fields } = { ...(school as object | undefined), ...given } as Record<string, unknown>;
  if (typeof policies !== 'object' || policies === null) return fields;
  const { panelConflicts, storage, ...rest } = policies as Record<string, unknown>;
  const { studentMegabytes = '', schoolMegabytes = '' } = (storage ?? {}) as Record<string, unknown>;
  const quotas =
    storage === undefined ? {} : { studentQuota: studentMegabytes, schoolQuota: schoolMegabytes };
  const named = Object.entries((panelConflicts ?? {}) as Record<string, unknown>).map(
    ([who, rule]): [string, unknown] => [`${who}OnPanel`, rule],
  );
  return { ...rest, ...quotas, ...Object.fromEntries(named), ...fields };
}

type StoragePolicy = NonNullable<School['policies']['storage']>;

/** What was sent; what was not stays, and an empty field goes back to what the installation allows. */
function storageOf(body: z.output<typeof settingsBody>, before: StoragePolicy = {}): StoragePolicy {
  const chosen = (sent: '' | number | undefined, was: number | undefined) =>
    sent === undefined ? was : sent === '' ? undefined : sent;
  const studentMegabytes = chosen(body.studentQuota, before.studentMegabytes);
  const schoolMegabytes = chosen(body.schoolQuota, before.schoolMegabytes);
  return {
    ...(studentMegabytes === undefined ? {} : { studentMegabytes }),
    ...(schoolMegabytes === undefined ? {} : { schoolMegabytes }),
  };
}

/** The fields to store; what the body does not say is not among them, or is what it was. */
export function settingsAfter(school: School, body: z.output<typeof settingsBody>) {
  const { name, timeZone, accent, address, motto } = body;
  const { pageSize, voices, numberPrefix, attempts, holdComments, signGuests } = body;
  const { panelAccessDays, transcriptName } = body;
  const { minVoices } = body;
  const before = panelConflictRules(school);
  const panelConflicts = {
    advisor: body.advisorOnPanel ?? before.advisor,
    relative: body.relativeOnPanel ?? before.relative,
    mentor: body.mentorOnPanel ?? before.mentor,
  };
  return given({
    ...{ name, timeZone, accent, address, motto, rosterId: body.rosterId },
    policies: {
      ...school.policies,
      ...given({ pageSize, voices, numberPrefix }),
      attempts: attempts ?? attemptRuleOf(school),
      holdComments: holdComments ?? holdRuleOf(school),
      signGuests: signGuests ?? guestRuleOf(school),
      panelAccessDays: panelAccessDays ?? panelAccessDaysOf(school),
      minVoices: minVoices ?? minVoicesOf(school),
      transcriptName: transcriptName ?? transcriptNameOf(school),
      portfolioSubmitters: body.portfolioSubmitters ?? portfolioSubmittersOf(school),
      panelConflicts,
      storage: storageOf(body, school.policies.storage),
    },
  });
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
