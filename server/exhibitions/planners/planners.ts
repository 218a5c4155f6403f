/**
 * Who acts on an exhibition: the office, whoever created it, and the people to whom they gave the permission
 * plan and change all of it. Any other advisor acts on presentations of students of their own advisories
 * alone, and refuses nobody else's.
 */
import { runsSchool, type Actor } from '../../access/actor.js';
import type { SchoolScope } from '../../db/database.js';
import { isAdvisorOf, requirePermission, type StudentFacts } from '../../people/person.js';
import { mayManageExhibitions, type Exhibition } from '../exhibition.js';
import { findPresenters } from '../slots/name-presenters.js';
import type { Slot } from '../slots/slot.js';

type Planned = Pick<Exhibition, 'createdBy' | 'plannerIds'>;

export const isPlanner = (actor: Actor, exhibition: Planned): boolean =>
  actor.seatIds === null &&
  mayManageExhibitions(actor) &&
  (runsSchool(actor) ||
    exhibition.createdBy === actor.personId ||
    (exhibition.plannerIds ?? []).includes(actor.personId));

/** @param students everybody whom the action is about */
export const mayActFor = (actor: Actor, exhibition: Planned, students: readonly StudentFacts[]): boolean =>
  isPlanner(actor, exhibition) ||
  (actor.seatIds === null && students.length > 0 && students.every((student) => isAdvisorOf(actor, student)));

/** @throws Forbidden for advisors who do not plan this exhibition */
export const checkPlanner = (actor: Actor, exhibition: Planned): void =>
  requirePermission(isPlanner(actor, exhibition), 'exhibition.problem.not-a-planner');

/** @throws Forbidden for advisors who neither plan this exhibition nor advise everybody who presents there */
export async function checkActsFor(
  scope: SchoolScope,
  actor: Actor,
  exhibition: Planned,
  slots: readonly Pick<Slot, 'id' | 'studentId' | 'group'>[],
): Promise<void> {
  if (isPlanner(actor, exhibition)) return;
  const presenters = await findPresenters(scope, slots);
  requirePermission(
    mayActFor(actor, exhibition, [...presenters.values()]),
    'exhibition.problem.not-a-planner',
  );
}
