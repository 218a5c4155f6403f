/** What a school is described by in a form: shared by the first run, the settings and a network's new schools. */
import { z } from 'zod';
import { day, keptLine, keptText, optionalLine, optionalText, text, type Given } from '../http/read-input.js';
import { checkAccent, checkTerm, type NewSchool } from './create-school.js';
import { isZone } from './time-zones.js';

const zone = z.string().refine(isZone, { error: 'school.problem.zone-unknown' });
const accent = z
  .string()
  .trim()
  .transform((value) => value || null)
  .nullable()
  .default(null);
export const schoolFields = z.object({
  name: text(120),
  timeZone: zone.default('America/New_York'),
  accent,
  address: optionalText(300),
  motto: optionalLine(200),
});
export const firstTerm = { termName: text(60), termStartsOn: day, termEndsOn: day };
/** The settings of a school that has them already: what is left out stays as it is. */
export const changedFields = z.object({
  name: text(120).optional(),
  timeZone: zone.optional(),
  accent: accent.unwrap().optional(),
  address: keptText(300),
  motto: keptLine(200),
});
/** What of a read form makes a school. */
export const schoolOf = (body: z.output<typeof schoolFields>): Omit<NewSchool, 'terms'> => ({
  name: body.name,
  timeZone: body.timeZone,
  accent: body.accent,
  address: body.address,
  motto: body.motto,
});

/** @throws InvalidInput at `accent` */
export const checkGivenAccent = (given: Given): void => checkAccent(given('accent').trim() || null);

/**
 * @param startsOn the fields of the form
 * @throws InvalidInput at `endsOn` when both are days and the term ends before it starts
 */
export function checkGivenTerm(given: Given, startsOn = 'termStartsOn', endsOn = 'termEndsOn'): void {
  const term = { startsOn: given(startsOn), endsOn: given(endsOn) };
  if (Object.values(term).every((each) => day.safeParse(each).success)) checkTerm(term, endsOn);
}
