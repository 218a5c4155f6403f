/**
 * A handover: a student moves to another school of the network, and the record goes along. The old office
 * offers it, the receiving office accepts; until then nobody of the receiving school sees anything of the
 * record. A school may also ask for a handover.
 */
import { runsSchool, type Actor } from '../access/actor.js';
import type { MovedMatch } from '../people/find-moved.js';

export const handoverStates = ['asked', 'offered', 'accepted', 'copied', 'declined', 'taken-back'] as const;
/**
 * `asked`: the other school thinks that the student is theirs now. `accepted`: the student is there and the
 * record is being copied. `copied`: over.
 */
export type HandoverState = (typeof handoverStates)[number];

export interface Handover {
  id: string;
  networkId: string;
  fromSchoolId: string;
  toSchoolId: string;
  /** As they are called now: nobody of the one school reads the other's records. */
  fromSchoolName: string;
  toSchoolName: string;
  /** In the old school. */
  studentId: string;
  studentName: string;
  studentNumber: string | null;
  /** In the receiving school; null until it has accepted, unless it has asked for somebody whom it knows already. */
  newStudentId: string | null;
  /** As the receiving school calls them. Left out until it has accepted: it reads the name of the offer. */
  newStudentName?: string;
  /** What the receiving school knew when it asked. Left out where the old school began. */
  asked?: { name: string; by: MovedBy };
  state: HandoverState;
  /** For the other office. */
  reason: string;
  /** Whether the record is sealed from the old school, as the network had decided when it was accepted. */
  sealed: boolean;
  /** Unique while it is open: a student is in one handover at a time. */
  openKey: string | null;
  createdAt: Date;
  createdBy: string;
  offeredAt: Date | null;
  /** When it was accepted, declined or taken back. */
  answeredAt: Date | null;
  answeredBy: string | null;
  copiedAt: Date | null;
}

/** By what somebody new is thought to be a student of another school. */
export type MovedBy = MovedMatch['by'];

export type HandoverSide = 'from' | 'to';

/** The office of either school; nobody else, network staff neither. */
export function sideOf(
  actor: Pick<Actor, 'roles' | 'schoolId' | 'seatIds'>,
  { fromSchoolId, toSchoolId }: Pick<Handover, 'fromSchoolId' | 'toSchoolId'>,
): HandoverSide | null {
  if (actor.seatIds !== null || !runsSchool(actor as Actor)) return null;
  if (actor.schoolId === fromSchoolId) return 'from';
  return actor.schoolId === toSchoolId ? 'to' : null;
}

/** The name that this side may read: each school has its own, and erases its own alone. */
export function studentNameFor(
  side: HandoverSide,
  { studentName, newStudentName, asked, offeredAt }: Handover,
): string {
  if (side === 'from') return studentName;
  return offeredAt === null ? (asked?.name ?? '') : (newStudentName ?? studentName);
}

/** What an office may do with it now. */
export function actsOn({ state }: Pick<Handover, 'state'>, side: HandoverSide): readonly HandoverAct[] {
  if (side === 'from')
    return state === 'asked' ? ['offer', 'decline'] : state === 'offered' ? ['take-back'] : [];
  if (state === 'asked') return ['take-back'];
  return state === 'offered' ? ['accept', 'decline'] : state === 'accepted' ? ['copy'] : [];
}
export type HandoverAct = 'offer' | 'accept' | 'decline' | 'take-back' | 'copy';

export const openKeyOf = ({
  fromSchoolId,
  studentId,
}: Pick<Handover, 'fromSchoolId' | 'studentId'>): string => `${fromSchoolId} ${studentId}`;
/** Two schools may ask for one student; one school asks once. */
export const askKeyOf = ({
  toSchoolId,
  newStudentId,
  studentId,
}: Pick<Handover, 'toSchoolId' | 'newStudentId' | 'studentId'>): string =>
  `asked ${toSchoolId} ${newStudentId ?? ''} ${studentId}`;
