/**
 * What a timetable must know of a person: languages, the way into a room, when they can come. Only what the
 * school was told.
 */
import { z } from 'zod';
import { linesOf } from './hours.js';

export interface Attendance {
  /** Languages by name, e.g. `Spanish`. */
  speaks: string[];
  /** From which they can interpret for others. */
  interprets: string[];
  /** From which somebody must interpret for them; null when nobody need. */
  interpreter: string | null;
  /** They need a way without steps. */
  stepFree: boolean;
  /** When they can come, as typed (`hours.ts`); empty: always. */
  hours: string[];
  /** On how many panels of one exhibition they sit at most; null: as many as are needed, 0: they cannot come. */
  most: number | null;
  /** Students whom they said they must not hear. */
  conflictIds: string[];
  /**
   * What families and guests wrote about whom they must not hear, until somebody of the staff says who is
   * meant. Left out: nothing.
   */
  conflictWords?: string;
  /** Exhibitions to which they said that they cannot come. Left out: to none. */
  awayFrom?: string[];
  /**
   * Exhibitions for which a guest signed up by a link; others take them only where somebody chooses them by
   * name. Left out or null: any.
   */
  comesTo?: string[] | null;
}

export const MAX_PANELS = 99;
export const MAX_CONFLICT_WORDS = 1000;

export const nothingSaid: Attendance = {
  speaks: [],
  interprets: [],
  interpreter: null,
  stepFree: false,
  hours: [],
  most: null,
  conflictIds: [],
  conflictWords: '',
  awayFrom: [],
};

/** ` haitian  creole` → `Haitian creole`: two who type the same language mean the same. */
export const languageName = (typed: string): string => {
  const name = typed.trim().replace(/\s+/g, ' ').toLocaleLowerCase('en');
  return name.charAt(0).toLocaleUpperCase('en') + name.slice(1);
};

const languages = z.preprocess(
  (value) => (Array.isArray(value) ? value.join(',') : value),
  z
    .string()
    .max(300)
    .transform((typed) => [
      ...new Set(
        typed
          .split(/[,;\n]/)
          .filter((each) => each.trim() !== '')
          .map(languageName),
      ),
    ])
    .optional(),
);

/** Fields of the person's form; each that is left out stays as it was. */
export const attendanceFields = {
  speaks: languages,
  interprets: languages,
  interpreter: z
    .string()
    .max(60)
    .nullable()
    .transform((typed) => (typed?.trim() ? languageName(typed) : null))
    .optional(),
  stepFree: z
    .union([z.boolean(), z.enum(['yes', 'no'])])
    .transform((value) => value === true || value === 'yes')
    .optional(),
  /** As typed: the action reads them (`clear-hours.ts`), as the day and the zone of the school belong to it. */
  hours: z.preprocess(
    (value) => (Array.isArray(value) ? value.join('\n') : value),
    z
      .string()
      .max(2000)
      .transform((text) => linesOf(text))
      .optional(),
  ),
  most: z
    .preprocess(
      (value) => (value === '' ? null : value),
      z.coerce.number<number>().int().min(0).max(MAX_PANELS).nullable(),
    )
    .optional(),
};

/** Whether they said that they cannot come to this exhibition. */
export const isAwayFrom = (
  { attendance }: { attendance?: Pick<Attendance, 'awayFrom'> | null | undefined },
  exhibitionId: string,
): boolean => attendance?.awayFrom?.includes(exhibitionId) ?? false;

/**
 * What two records of one person say of it: whoever signed up for one exhibition here and another there comes to both.
 */
export const joinComesTo = (one: Attendance, other: Attendance): Pick<Attendance, 'comesTo'> =>
  one.comesTo && other.comesTo ? { comesTo: [...new Set([...one.comesTo, ...other.comesTo])] } : {};

type Typed = { [K in keyof Attendance]?: Attendance[K] | undefined };

/** What is known after the form: the fields it had, and the others as they were. */
export function attendanceOf(before: Attendance | null | undefined, typed: Typed): Attendance {
  const was = before ?? nothingSaid;
  const comesTo = typed.comesTo === undefined ? was.comesTo : typed.comesTo;
  return {
    speaks: typed.speaks ?? was.speaks,
    interprets: typed.interprets ?? was.interprets,
    interpreter: typed.interpreter === undefined ? was.interpreter : typed.interpreter,
    stepFree: typed.stepFree ?? was.stepFree,
    hours: typed.hours ?? was.hours,
    most: (typed.most === undefined ? was.most : typed.most) ?? null,
    conflictIds: typed.conflictIds ?? was.conflictIds ?? [],
    conflictWords: typed.conflictWords ?? was.conflictWords ?? '',
    awayFrom: typed.awayFrom ?? was.awayFrom ?? [],
    ...(comesTo ? { comesTo } : {}),
  };
}
