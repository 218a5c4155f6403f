/**
 * One row of the permission matrix: what each persona gets when they knock at a route.
 * `ok` 2xx, or a refusal that only somebody who was let in can get (409, 422) · `no` 403 · `gone` 404, as for something that does not exist ·
 * `in` 401, sign in first. Every persona that is left out is expected to get `otherwise`.
 */
export type Verdict = 'ok' | 'no' | 'gone' | 'in';

/**
 * The sample of people the matrix knocks with. `student` owns the things that the addresses name, `otherStudent` sits in another
 * advisory, `advisor` leads the student's advisory, `otherAdvisor` another, `guardian` is the student's, `otherGuardian` is not,
 * `panelist` and `guest` hold a seat on the student's slot; `stranger…` are the registrar and admin of ANOTHER school.
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

export interface Row {
  /** `GET /students/:id`, exactly as the router has it. */
  route: string;
  /**
   * Whose id stands for `:id` (and `:code`, `:number` …): the name of a thing that the matrix makes for the student
   * (`student`, `artifact`, `portfolio`, `exhibition`, `slot`, `seat`, `narrative`, `transcript`, `job`, `term`, `person`, `advisory`);
   * other text is used as it is.
   */
  of?: Record<string, string>;
  expect: Partial<Record<Persona, Verdict>>;
  otherwise: Verdict;
  /** What to send; an empty body is enough where a refusal comes first and 422 counts as let in. */
  body?: Record<string, unknown>;
}

export type Rows = readonly Row[];
