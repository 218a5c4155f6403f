/** What a school is described by in a form: shared by the first run, the settings and a network's new schools. */
import { z } from 'zod';
import { day, optionalText, text } from '../http/read-input.js';
import type { NewSchool } from './create-school.js';

const zone = z
  .string()
  .refine((name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC', {
    error: 'school.problem.zone-unknown',
  });
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
  motto: optionalText(200),
});
export const firstTerm = { termName: text(60), termStartsOn: day, termEndsOn: day };
/** Choices for a select. */
export const zones = () =>
  ['UTC', ...Intl.supportedValuesOf('timeZone')].map((name) => ({
    value: name,
    label: name.replaceAll('_', ' '),
  }));
/** What of a read form makes a school. */
export const schoolOf = (body: z.output<typeof schoolFields>): Omit<NewSchool, 'terms'> => ({
  name: body.name,
  timeZone: body.timeZone,
  accent: body.accent,
  address: body.address,
  motto: body.motto,
});
