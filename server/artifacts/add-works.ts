/**
 * Brings in what was sent together, each work by itself: one that cannot be taken says so, and never costs the others.
 */
import type { Actor } from '../access/actor.js';
import type { SchoolScope } from '../db/database.js';
import { InvalidInput, type AppError } from '../errors.js';
import { addArtifact, type AddArtifactNeeds } from './add-artifact.js';
import type { Artifact, ArtifactVersion } from './artifact.js';
import { workWordsFor, type SentWork, type WorkBody } from './read-work.js';
import { withinQuota, type QuotaNeeds } from './storage-quota.js';

export type WorkOutcome = { name: string } & (
  { artifact: Artifact; version: ArtifactVersion } | { problem: AppError }
);

interface AddNeeds extends AddArtifactNeeds {
  quota: QuotaNeeds;
  /** The error in words for people. */
  asProblem(error: unknown): AppError;
}

/**
 * @returns one outcome for each work, in their order; at least one of them was taken
 * @throws the problem when nothing was taken: that of the only work, or InvalidInput with each
 */
export async function addWorks(
  needs: AddNeeds,
  scope: SchoolScope,
  actor: Actor,
  { studentId, body, sent }: { studentId: string; body: WorkBody; sent: readonly SentWork[] },
): Promise<WorkOutcome[]> {
  const outcomes: WorkOutcome[] = [];
  for (const each of sent) {
    if ('problem' in each) {
      outcomes.push(each);
      continue;
    }
    const { name, work } = each;
    const number = outcomes.filter((outcome) => 'artifact' in outcome).length + 1;
    const input = { studentId, work, words: workWordsFor(body, work, number, sent) };
    const bytes = work.kind === 'file' ? work.file.bytes : 0;
    try {
      const added = await withinQuota(needs.quota, scope, studentId, bytes, () =>
        addArtifact(needs, scope, actor, input),
      );
      outcomes.push({ name, ...added });
    } catch (error) {
      // Also with a fault of ours: what was taken before is told, and what comes after is tried.
      outcomes.push({ name, problem: needs.asProblem(error) });
    }
  }
  if (outcomes.some((outcome) => 'artifact' in outcome)) return outcomes;
  throw togetherAs(outcomes.flatMap((outcome) => ('problem' in outcome ? [outcome.problem] : [])));
}

/** Problems of the same kind and size stay what they are: a phone then knows that there is no use in sending again. */
function togetherAs(problems: readonly AppError[]): AppError {
  const [first] = problems;
  const isOne = problems.every(
    ({ code, messageKey }) => code === first?.code && messageKey === first.messageKey,
  );
  if (first && isOne && !(first instanceof InvalidInput)) return first;
  return new InvalidInput(
    problems.flatMap((problem) =>
      problem instanceof InvalidInput
        ? problem.fields
        : [{ field: 'files', message: problem.messageKey, params: problem.params }],
    ),
  );
}
