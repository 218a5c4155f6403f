/** Creates an exhibition and changes its settings while it is a draft. The rubric is pinned by hash at that moment. */
import type { Actor } from '../access/actor.js';
import { appendAudit } from '../audit/append-audit.js';
import type { FrozenRecord } from '../audit/frozen-record.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { requirePermission } from '../people/person.js';
import { timetableLock, withLocks } from '../db/record-locks.js';
import type { RubricLibrary } from '../rubrics/rubric-library.js';
import type { RubricRef } from '../rubrics/rubric.js';
import { slugOf } from '../school/school.js';
import { holdTerm } from '../school/hold-term.js';
import { barFits, type Bar } from './bar/bar.js';
import {
  mayChangeSettings,
  mayManageExhibitions,
  type Exhibition,
  type Format,
  type VisitKind,
} from './exhibition.js';
import {
  findExhibitionBySlug,
  getExhibition,
  saveExhibition,
  saveExhibitionChange,
} from './exhibition-records.js';
import { groupProblem } from './groups/group.js';
import type { ClockMinutes } from './clock/room-clock.js';
import { listSlotsOfExhibition, saveSlotsTerm } from './slots/slot-records.js';
import { checkPlanner } from './planners/planners.js';
import { refuseUnseen, seenOf } from './refuse-stale.js';

export interface ExhibitionInput {
  termId: string;
  title: string;
  format: Format;
  /** Slug of one of today's rubrics. */
  rubric: string;
  startsAt: Date;
  place: string;
  slotMinutes: number;
  clockMinutes?: ClockMinutes | null;
  visitPrompts?: string[];
  visitorsLeave?: VisitKind;
}

export interface PlanNeeds {
  clock: Clock;
  rubrics: RubricLibrary;
}

/** @throws InvalidInput when the term or the rubric does not exist */
export async function createExhibition(
  needs: PlanNeeds,
  scope: SchoolScope,
  actor: Actor,
  input: ExhibitionInput,
): Promise<Exhibition> {
  requirePermission(mayManageExhibitions(actor));
  const rubric = pinRubric(needs.rubrics, input.rubric);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await inTransaction(scope, async (inside) => {
        const id = newId();
        await checkTerm(inside, input.termId, id);
        const exhibition = await saveExhibition(inside, {
          ...input,
          ...{ rubric, id, schoolId: scope.schoolId },
          slug: await freeSlug(inside, input.termId, slugOf(input.title, 'exhibition')),
          phase: 'draft',
          createdAt: needs.clock.now(),
          createdBy: actor.personId,
        });
        await appendAudit(
          inside,
          needs.clock,
          actor,
          'exhibition.create',
          { kind: 'exhibition', id: exhibition.id },
          { rubric, ...rubricOnRecord(rubric) },
        );
        return exhibition;
      });
    } catch (error) {
      // Somebody took the same name in the same moment: the next free one is another.
      if (!isDuplicate(error) || scope.session || attempt >= 5) throw error;
    }
  }
}

/** What somebody has seen of the settings before they change them. */
export const seenOfSettings = (exhibition: Exhibition): string =>
  seenOf([
    ...[exhibition.title, exhibition.termId, exhibition.format, exhibition.rubric, exhibition.startsAt],
    ...[exhibition.place, exhibition.slotMinutes, exhibition.clockMinutes ?? null],
    ...[exhibition.visitPrompts ?? [], exhibition.visitorsLeave ?? 'feedback-and-score'],
  ]);

/**
 * @param seen `seenOfSettings`, as its sender has seen them: two planners do not overwrite each other
 * @throws StateMissing; Conflict `stale` when somebody has changed them since
 * @throws Conflict when it has opened: what people were told stays true
 * @throws InvalidInput on `format` for a gallery where groups are planned
 */
export async function changeExhibition(
  needs: PlanNeeds,
  scope: SchoolScope,
  actor: Actor,
  id: string,
  input: ExhibitionInput,
  seen: string | undefined,
): Promise<Exhibition> {
  requirePermission(mayManageExhibitions(actor));
  checkPlanner(actor, await getExhibition(scope, id));
  const rubric = pinRubric(needs.rubrics, input.rubric);
  return withLocks(scope, [timetableLock], async (inside) => {
    await checkTerm(inside, input.termId, id);
    const before = await getExhibition(inside, id);
    if (!mayChangeSettings(before)) throw new Conflict('exhibition.problem.settings-fixed');
    await refuseUnseen(inside, { seen, now: seenOfSettings(before), field: 'seen' }, [
      { kind: 'exhibition', id, isAbout: (act) => /^exhibition\.(create|change)$/.test(act) },
    ]);
    const after = await saveExhibitionChange(inside, id, 'draft', {
      ...input,
      rubric,
      bar: barThatStays(needs.rubrics, rubric, before),
    });
    if (!after) throw new Conflict('exhibition.problem.settings-fixed');
    await checkGroups(inside, after);
    if (after.termId !== before.termId) await saveSlotsTerm(inside, id, after.termId);
    await appendAudit(
      inside,
      needs.clock,
      actor,
      'exhibition.change',
      { kind: 'exhibition', id },
      { rubric, ...rubricOnRecord(rubric) },
    );
    return after;
  });
}

/** The version by which scores are given from now on: its hash is its name. */
const rubricOnRecord = ({ hash }: RubricRef): { records: FrozenRecord[] } => ({
  records: [{ kind: 'rubric', id: hash, hash }],
});

/** Also those that were planned while it was something else than a gallery. */
async function checkGroups(scope: SchoolScope, exhibition: Exhibition): Promise<void> {
  for (const { group } of await listSlotsOfExhibition(scope, exhibition.id)) {
    const problem = group && groupProblem(exhibition, group.members);
    if (problem) throw new InvalidInput([{ field: 'format', message: problem }]);
  }
}

/**
 * A bar is said in the levels and criteria of one rubric; another rubric needs its own. A newer version of
 * the same rubric keeps it as long as it has that level and those criteria: better words in a rubric file
 * must not undo what a school asks for.
 */
function barThatStays(rubrics: RubricLibrary, rubric: RubricRef, before: Exhibition): Bar | null {
  if (!before.bar || rubric.slug !== before.rubric.slug) return null;
  return barFits(rubrics.bySlug(rubric.slug).rubric, before.bar) ? before.bar : null;
}

function pinRubric(rubrics: RubricLibrary, slug: string): RubricRef {
  try {
    return { slug, hash: rubrics.bySlug(slug).hash };
  } catch (error) {
    if (error instanceof NotFound)
      throw new InvalidInput([{ field: 'rubric', message: 'exhibition.problem.no-such-rubric' }]);
    throw error;
  }
}

async function checkTerm(inside: SchoolScope, termId: string, exhibitionId: string): Promise<void> {
  if (!(await holdTerm(inside, termId, exhibitionId)))
    throw new InvalidInput([{ field: 'termId', message: 'exhibition.problem.no-such-term' }]);
}

async function freeSlug(scope: SchoolScope, termId: string, wanted: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const slug = number === 1 ? wanted : `${wanted}-${number}`;
    if (!(await findExhibitionBySlug(scope, termId, slug))) return slug;
  }
}
