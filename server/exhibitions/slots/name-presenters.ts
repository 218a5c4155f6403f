/** Who presents, by name: reads the people that pure views are given. */
import type { SchoolScope } from '../../db/database.js';
import { listPeopleByIds } from '../../people/people-records.js';
import { byId } from '../../people/person.js';
import { presenterLine, studentsOf } from '../groups/group.js';
import type { Slot } from './slot.js';

type Presentation = Pick<Slot, 'id' | 'studentId' | 'group'>;

/** The people who present at these, by id. */
export const findPresenters = async (scope: SchoolScope, slots: readonly Presentation[]) =>
  byId(await listPeopleByIds(scope, studentsOf(slots)));

/** One presentation in one line: the group's title, or who presents. */
export const namePresenters = async (scope: SchoolScope, slot: Presentation): Promise<string> =>
  presenterLine(slot, await findPresenters(scope, [slot]));
