/** What is erased of a person in visits to stands: what they wrote there, what was written to them, and their name. */
import { isDeepStrictEqual } from 'node:util';
import { frozen } from '../audit/frozen-record.js';
import {
  erasing,
  keeping,
  nameFor,
  rewriting,
  textWithoutNames,
  type ErasedPerson,
  type ErasePart,
} from '../person-traces.js';
import { countStopperNamed, saveNamedStopperUnnamed, saveStopperUnnamed } from './stand-stop-records.js';
import { frozenOfVisit, type Hiding, type Visit } from './visit.js';
import {
  countKeptVisitsAt,
  removeVisitsAt,
  removeVisitsBy,
  saveHidingsUnnamed,
  saveLateAtForgotten,
  saveVisitsUnnamed,
} from './visit-records.js';

const namesOf = ({ id, leftAt }: Visit) => (leftAt ? [{ kind: 'visit' as const, id }] : []);
const records = (visit: Visit) => frozen('visit', visit.id, frozenOfVisit(visit)).records;

const unnamedHiding = (hiding: Hiding, person: ErasedPerson): Hiding => ({
  ...hiding,
  byName: nameFor(person, hiding.by, hiding.byName),
  reason: textWithoutNames(hiding.reason, person),
});

export const erasePersonFromVisits: readonly ErasePart[] = [
  erasing('visit', removeVisitsBy, namesOf),
  rewriting(
    'visit-score',
    saveVisitsUnnamed,
    (visit, person) => ({
      ...visit,
      ...{ name: person.mark, feedback: [], feedbackAt: null, journal: [], device: null, late: null },
      score: { ...visit.score, comment: '' },
    }),
    { records },
  ),
  rewriting(null, saveLateAtForgotten, (visit) => ({ ...visit, late: null })),
  erasing('visit-at', removeVisitsAt, namesOf),
  keeping('visit-at', countKeptVisitsAt),
  rewriting(null, saveHidingsUnnamed, (visit, person) => {
    const { hidden, earlierHidings } = visit;
    const after = {
      hidden: hidden && unnamedHiding(hidden, person),
      ...(earlierHidings
        ? { earlierHidings: earlierHidings.map((each) => unnamedHiding(each, person)) }
        : {}),
    };
    const before = { hidden, ...(earlierHidings ? { earlierHidings } : {}) };
    return isDeepStrictEqual(after, before) ? null : { ...visit, ...after };
  }),
  rewriting(null, saveStopperUnnamed, (stop, { mark }) => ({ ...stop, byName: mark })),
  rewriting('by-name', saveNamedStopperUnnamed, (stop, { mark }) => ({ ...stop, byName: mark })),
  keeping('by-name', countStopperNamed),
];
