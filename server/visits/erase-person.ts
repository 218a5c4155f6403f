/** What is erased of a person in visits to stands: what they wrote there, what was written to them, and their name. */
import { frozen } from '../audit/frozen-record.js';
import { erasing, keeping, rewriting, textWithoutNames, type ErasePart } from '../person-traces.js';
import { countStopperNamed, saveNamedStopperUnnamed, saveStopperUnnamed } from './stand-stop-records.js';
import { frozenOfVisit, type Visit } from './visit.js';
import {
  countKeptVisitsAt,
  removeVisitsAt,
  removeVisitsBy,
  saveHiderUnnamed,
  saveVisitsUnnamed,
} from './visit-records.js';

const namesOf = ({ id, leftAt }: Visit) => (leftAt ? [{ kind: 'visit' as const, id }] : []);
const records = (visit: Visit) => frozen('visit', visit.id, frozenOfVisit(visit)).records;

export const erasePersonFromVisits: readonly ErasePart[] = [
  erasing('visit', removeVisitsBy, namesOf),
  rewriting(
    'visit-score',
    saveVisitsUnnamed,
    (visit, person) => ({
      ...visit,
      ...{ name: person.mark, feedback: [], feedbackAt: null, journal: [], device: null },
      score: { ...visit.score, comment: '' },
      hidden: visit.hidden && {
        ...visit.hidden,
        reason: textWithoutNames(visit.hidden.reason, person),
      },
    }),
    { records },
  ),
  erasing('visit-at', removeVisitsAt, namesOf),
  keeping('visit-at', countKeptVisitsAt),
  rewriting(null, saveHiderUnnamed, (visit, { mark }) =>
    visit.hidden ? { ...visit, hidden: { ...visit.hidden, byName: mark } } : null,
  ),
  rewriting(null, saveStopperUnnamed, (stop, { mark }) => ({ ...stop, byName: mark })),
  rewriting('by-name', saveNamedStopperUnnamed, (stop, { mark }) => ({ ...stop, byName: mark })),
  keeping('by-name', countStopperNamed),
];
