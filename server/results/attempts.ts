/**
 * Presenting again: all attempts stay, and one of them counts. Which one is the school's rule, unless somebody chose
 * with a reason. Only published attempts compete. Pure: no clock, no database.
 */
import { asSealed, type Resealed } from '../audit/frozen-record.js';
import { hashOf } from '../canonical.js';
import { runsSchool, type Actor } from '../access/actor.js';
import { isAdvisorOf, type StudentFacts } from '../people/person.js';
import type { AttemptRule } from '../school/school.js';
import type { Result } from './result.js';

/** What of a published result the rules look at. */
export type Attempt = Pick<Result, 'id' | 'studentId' | 'exhibitionId'> & {
  slot: Pick<Result['slot'], 'attempt' | 'startsAt' | 'attemptOf'>;
  attainment?: Pick<NonNullable<Result['attainment']>, 'outcome' | 'missed'>;
};

/** Somebody said which attempt counts. Written once; the latest turn stands. */
export interface AttemptChoice extends Resealed {
  id: string;
  schoolId: string;
  studentId: string;
  /** The exhibition of the first attempt. */
  exhibitionId: string;
  /** Null: back to the school's rule. */
  slotId: string | null;
  reason: string;
  /** Later choices have larger turns. */
  turn: number;
  at: Date;
  chosenBy: string;
  chosenByName: string;
}

export interface Standing {
  counts: boolean;
  /** How it was found which one counts. */
  by: 'only' | AttemptRule | 'choice';
  choice: AttemptChoice | null;
  /** Every published attempt, the first one first; this one included. */
  attempts: Attempt[];
}

/** The exhibition in which the student presented this for the first time. */
export const firstExhibitionOf = (slot: { exhibitionId: string; attemptOf?: string | null }): string =>
  slot.attemptOf ?? slot.exhibitionId;

/** All attempts at one thing share it. */
export const chainOf = (slot: {
  studentId: string;
  exhibitionId: string;
  attemptOf?: string | null;
}): string => `${firstExhibitionOf(slot)}:${slot.studentId}`;

const chainOfAttempt = (attempt: Attempt) => chainOf({ ...attempt, ...attempt.slot });

const inOrder = (a: Attempt, b: Attempt): number =>
  a.slot.attempt - b.slot.attempt ||
  a.slot.startsAt.getTime() - b.slot.startsAt.getTime() ||
  (a.id < b.id ? -1 : 1);

/**
 * Met before none said before not yet; of two "not yet" the one that missed fewer rows. Levels of rows are
 * never added up.
 */
function rankOf({ attainment }: Attempt): number {
  if (attainment?.outcome === 'met') return 1;
  return attainment ? -attainment.missed.length : 0;
}

/** Which of the attempts at one thing counts. `best`: by its outcome, of equals the latest. */
function countingOf(
  attempts: readonly Attempt[],
  rule: AttemptRule,
  choice: AttemptChoice | null,
): Pick<Standing, 'by'> & { id: string } {
  const chosen = attempts.find((each) => each.id === choice?.slotId);
  if (chosen) return { id: chosen.id, by: 'choice' };
  const latest = attempts.at(-1)!;
  if (attempts.length === 1) return { id: latest.id, by: 'only' };
  if (rule === 'latest') return { id: latest.id, by: 'latest' };
  const best = Math.max(...attempts.map(rankOf));
  return { id: attempts.findLast((each) => rankOf(each) === best)!.id, by: 'best' };
}

/**
 * Where each attempt stands, by the id of its slot. Of each student's attempts at one thing exactly one counts.
 * @param published of any students; the order changes nothing
 */
export function standingsOf(
  published: readonly Attempt[],
  rule: AttemptRule,
  choices: readonly AttemptChoice[],
): Map<string, Standing> {
  const chains = new Map<string, Attempt[]>();
  for (const attempt of [...published].sort(inOrder)) {
    const chain = chainOfAttempt(attempt);
    chains.set(chain, [...(chains.get(chain) ?? []), attempt]);
  }
  const latestChoice = new Map<string, AttemptChoice>();
  for (const choice of [...choices].sort((a, b) => a.turn - b.turn))
    latestChoice.set(chainOf(choice), choice);
  return new Map(
    [...chains].flatMap(([chain, attempts]) => {
      const said = latestChoice.get(chain) ?? null;
      const choice = said?.slotId ? said : null;
      const counting = countingOf(attempts, rule, choice);
      const standing = { by: counting.by, choice: counting.by === 'choice' ? choice : null, attempts };
      return attempts.map(({ id }) => [id, { ...standing, counts: id === counting.id }] as const);
    }),
  );
}

/**
 * What somebody has seen before they choose: the published attempts at one thing with what each came to, and
 * the newest choice. Of no meaning but for comparing.
 * @param published, choices of one student, at anything
 */
export function choiceStateOf(
  published: readonly Attempt[],
  choices: readonly Pick<AttemptChoice, 'exhibitionId' | 'turn'>[],
  exhibitionId: string,
): string {
  const attempts = published
    .filter((each) => firstExhibitionOf({ ...each, ...each.slot }) === exhibitionId)
    .map(({ id, attainment }) => `${id} ${attainment?.outcome ?? ''}`);
  const turns = choices.filter((each) => each.exhibitionId === exhibitionId).map(({ turn }) => turn);
  return hashOf([attempts.sort(), Math.max(0, ...turns)]).slice(0, 16);
}

/** The student's advisor and those who run the school's records. */
export const mayChooseAttempt = (actor: Actor, student: StudentFacts): boolean =>
  actor.seatIds === null && (runsSchool(actor) || isAdvisorOf(actor, student));

/** What never changes of it; goes into the audit chain by its hash. */
export const frozenOfChoice = (choice: AttemptChoice) => {
  const { studentId, exhibitionId, slotId, reason, turn, at, chosenBy, chosenByName } = asSealed(choice);
  return { studentId, exhibitionId, slotId, reason, turn, at, chosenBy, chosenByName };
};
