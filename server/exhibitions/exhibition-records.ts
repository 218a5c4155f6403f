/** Exhibitions. Personal data: ids of who plans them, and whatever somebody typed as the reason of a move. */
import { schoolCollection, type Page, type SchoolScope } from '../db/database.js';
import { tracesIn } from '../person-traces.js';
import type { Exhibition, MoveReason, Phase } from './exhibition.js';

const exhibitions = schoolCollection<Exhibition>(
  'exhibitions',
  {
    termId: { type: String, required: true },
    slug: { type: String, required: true, immutable: true },
    title: { type: String, required: true },
    format: { type: String, required: true },
    rubric: { type: Object, required: true },
    phase: { type: String, required: true },
    startsAt: { type: Date, required: true },
    place: { type: String, default: '' },
    slotMinutes: { type: Number, required: true },
    clockMinutes: { type: Object, default: null },
    bar: { type: Object, default: null },
    visitPrompts: { type: [String], default: undefined },
    visitorsLeave: { type: String, default: undefined },
    closedAt: { type: Date, default: null },
    moveReasons: { type: [Object], default: undefined },
    createdAt: { type: Date, required: true, immutable: true },
    plannerIds: { type: [String], default: undefined },
    createdBy: { type: String, required: true, immutable: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, termId: 1, slug: 1 }, unique: true },
      { keys: { schoolId: 1, startsAt: -1, _id: 1 } },
      { keys: { schoolId: 1, phase: 1, startsAt: -1, _id: 1 } },
    ],
  },
);
export const exhibitionsDeclaration = exhibitions.declaration;

export interface ExhibitionFilter {
  termId?: string;
  phases?: readonly Phase[];
}

export const findExhibition = (scope: SchoolScope, id: string) => exhibitions.in(scope).findOne({ id });
export const getExhibition = (scope: SchoolScope, id: string) => exhibitions.in(scope).get(id);
export const countExhibitionsOfTerm = (scope: SchoolScope, termId: string): Promise<number> =>
  exhibitions.in(scope).count({ termId });
export const findExhibitionBySlug = (scope: SchoolScope, termId: string, slug: string) =>
  exhibitions.in(scope).findOne({ termId, slug });
export const listExhibitionsByIds = (scope: SchoolScope, ids: readonly string[]) =>
  exhibitions.in(scope).find({ id: { $in: ids } }, { sort: { startsAt: 1 } });

/** Newest day first. */
export const listExhibitions = (
  scope: SchoolScope,
  filter: ExhibitionFilter,
  page: number,
  perPage: number,
): Promise<Page<Exhibition>> =>
  exhibitions.in(scope).page(
    {
      ...(filter.termId ? { termId: filter.termId } : {}),
      ...(filter.phases ? { phase: { $in: filter.phases } } : {}),
    },
    { sort: { startsAt: -1 }, page, perPage },
  );

export const saveExhibition = (scope: SchoolScope, exhibition: Exhibition) =>
  exhibitions.in(scope).insert(exhibition);
export const savePlanners = (scope: SchoolScope, id: string, plannerIds: string[]) =>
  exhibitions.in(scope).updateOne({ id }, { $set: { plannerIds } });
/** The exhibition after the change, or null when it is no longer in `phase`. */
export const saveExhibitionChange = (
  scope: SchoolScope,
  id: string,
  phase: Phase,
  change: Partial<Omit<Exhibition, 'id' | 'schoolId' | 'slug' | 'createdAt' | 'createdBy'>>,
) => exhibitions.in(scope).findOneAndUpdate({ id, phase }, { $set: change });

/** Reasons of a slot that is removed. */
export const saveReasonsAdded = (scope: SchoolScope, id: string, reasons: readonly MoveReason[]) =>
  exhibitions.in(scope).updateOne({ id }, { $push: { moveReasons: { $each: reasons } } });

/** Moves whose reason may name somebody: a school has few exhibitions, so all of them are read. */
export const saveMoveReasonsUnnamed = tracesIn(exhibitions, () => ({ 'moveReasons.0': { $exists: true } }));
