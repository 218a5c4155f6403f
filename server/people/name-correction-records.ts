/** Corrections of names; only ever appended. Personal data: earlier and present names, and why they changed. */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { NameCorrection, NamingDocument } from './name-correction.js';
import { tracesIn } from '../person-traces.js';

const fixed = { required: true, immutable: true } as const;
const corrections = schoolCollection<NameCorrection>(
  'namecorrections',
  {
    personId: { type: String, ...fixed },
    from: { type: Object, ...fixed },
    to: { type: Object, ...fixed },
    at: { type: Date, ...fixed },
    by: { type: String, ...fixed },
    // Empty where nothing had to be decided.
    reason: { type: String, default: '', immutable: true },
    decisions: { type: [Object], ...fixed },
    shown: { type: [Object], default: undefined, immutable: true },
  },
  {
    indexes: [
      { keys: { schoolId: 1, at: 1 } },
      { keys: { schoolId: 1, personId: 1, at: 1 } },
      { keys: { schoolId: 1, 'shown.id': 1, at: 1 } },
      { keys: { schoolId: 1, 'decisions.studentId': 1 } },
    ],
  },
);
export const nameCorrectionsDeclaration = corrections.declaration;

/** Of the whole school, oldest first. */
export const listNameCorrections = (scope: SchoolScope) =>
  corrections.in(scope).find({}, { sort: { at: 1 } });
/** Those that may concern one of these documents; in any order, without names. */
export const listCorrectionsConcerning = (
  scope: SchoolScope,
  documents: readonly NamingDocument[],
): Promise<Pick<NameCorrection, 'id' | 'personId' | 'decisions'>[]> =>
  corrections.in(scope).find(
    {
      $or: [
        { personId: { $in: [...new Set(documents.flatMap(({ personIds }) => [...personIds]))] } },
        { 'decisions.studentId': { $in: documents.map(({ studentId }) => studentId) } },
      ],
    },
    { fields: ['personId', 'decisions'] },
  );
export const listNameCorrectionsOf = (scope: SchoolScope, personId: string) =>
  corrections.in(scope).find({ personId }, { sort: { at: 1 } });
/** Those that decide about one of these frozen documents, oldest first. */
export const listNameCorrectionsShowing = (scope: SchoolScope, documentIds: readonly string[]) =>
  corrections.in(scope).find({ 'shown.id': { $in: documentIds } }, { sort: { at: 1 } });
export const saveNameCorrection = (scope: SchoolScope, correction: NameCorrection) =>
  corrections.in(scope).insert(correction);

export const removeNameCorrectionsOf = tracesIn(corrections, ({ id }) => ({ personId: id }));
