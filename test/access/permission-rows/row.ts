/**
 * One row of the permission matrix: what each persona gets when they knock at a route. `ok` 2xx or a
 * redirect: the page is shown, the act is done · `no` 403 · `gone` 404, as for something that does not exist
 * · `in` 401, sign in first. Every persona that is left out is expected to get `otherwise`.
 */
import type { World } from '../../harness/builders/world.js';

export type Verdict = 'ok' | 'no' | 'gone' | 'in';

/**
 * The sample of people the matrix knocks with. `student` owns the things that the addresses name,
 * `otherStudent` sits in another advisory, `advisor` leads the student's advisory, `otherAdvisor` another,
 * `guardian` is the student's, `otherGuardian` is not, `panelist` and `guest` hold a seat on the student's
 * slot; `stranger…` are the registrar and admin of ANOTHER school.
 */
export const personas = [
  'visitor',
  'student',
  'otherStudent',
  'advisor',
  'otherAdvisor',
  'guardian',
  'otherGuardian',
  'panelist',
  'guest',
  'registrar',
  'admin',
  'network',
  'strangeRegistrar',
  'strangeAdmin',
] as const;
export type Persona = (typeof personas)[number];

type Body = Record<string, unknown> | FormData;

/** What was made for one knock: ids that take the place of the world's, and what is sent instead of the row's body. */
export interface Made {
  ids?: Record<string, string>;
  body?: Body;
}
export type Anew = (world: World, persona: Persona) => Promise<Made> | Made;

export interface Row {
  /** `GET /students/:id`, exactly as the router has it. */
  route: string;
  /**
   * Whose id stands for `:id` (and `:code`, `:number` …): the name of a thing in `world.ids` (`student`,
   * `artifact`, `slot` …), or in what `anew` made; other text is used as it is.
   */
  of?: Record<string, string>;
  expect: Partial<Record<Persona, Verdict>>;
  otherwise: Verdict;
  /**
   * What to send: with it the act succeeds for whoever is let in, so that nothing but their person speaks
   * against the others.
   */
  body?: Body;
  /**
   * Where an act uses up what it acts on: makes it for the first persona who is let in (and all who are
   * refused), and for each one after; what is only read is made once for all.
   */
  anew?: Anew;
  /** Success changes whose session it is, so the persona signs in again afterwards. */
  endsSession?: true;
}

export type Rows = readonly Row[];
