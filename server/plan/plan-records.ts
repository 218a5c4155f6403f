/** Learning plans, one per student and term. Personal data: what minors set out to do. */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import type { LearningPlan } from './learning-plan.js';
import { tracesIn } from '../person-traces.js';

const plans = schoolCollection<LearningPlan>(
  'learningplans',
  {
    studentId: { type: String, required: true, immutable: true },
    termId: { type: String, required: true, immutable: true },
    aim: { type: String, default: '' },
    goals: { type: [String], required: true },
    revision: { type: Number, required: true },
    changedAt: { type: Date, required: true },
    changedBy: { type: String, required: true },
  },
  { indexes: [{ keys: { schoolId: 1, studentId: 1, termId: 1 }, unique: true }] },
);
export const learningPlansDeclaration = plans.declaration;

export const findPlan = (scope: SchoolScope, studentId: string, termId: string) =>
  plans.in(scope).findOne({ studentId, termId });
export const listPlansOfStudent = (scope: SchoolScope, studentId: string) =>
  plans.in(scope).find({ studentId }, { limit: 100 });
export const countPlansOfTerm = (scope: SchoolScope, termId: string): Promise<number> =>
  plans.in(scope).count({ termId });
export const savePlan = (scope: SchoolScope, plan: LearningPlan) => plans.in(scope).insert(plan);
/** Null when somebody else changed it since `revision`. */
export const savePlanChange = (
  scope: SchoolScope,
  id: string,
  revision: number,
  change: Pick<LearningPlan, 'aim' | 'goals' | 'changedAt' | 'changedBy'>,
) => plans.in(scope).findOneAndUpdate({ id, revision }, { $set: change, $inc: { revision: 1 } });

export const removePlansOf = tracesIn(plans, ({ id }) => ({ studentId: id }));
