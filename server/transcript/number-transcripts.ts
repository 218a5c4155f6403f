/**
 * Numbers for transcripts: taken in the order of the school, without a gap, and never twice, whoever dies in between.
 */
import { customAlphabet } from 'nanoid';
import type { Actor } from '../access/actor.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { holdTerm } from '../school/hold-term.js';
import type { Person } from '../people/person.js';
import type { IssueNeeds, IssueOrder } from './issue-transcripts.js';
import { verificationAlphabet, VERIFICATION_CODE_LENGTH, codeText, numberText } from './transcript.js';
import {
  listOpenTranscripts,
  saveNextSerials,
  saveSerialReleased,
  saveTranscripts,
  type ListedTranscript,
} from './transcript-records.js';

const newCode = customAlphabet(verificationAlphabet, VERIFICATION_CODE_LENGTH);

/** Gives every student of the batch a numbered record; those that a broken-off run has left behind come first. */
export async function numberTranscripts(
  { clock }: Pick<IssueNeeds, 'clock'>,
  scope: SchoolScope,
  actor: Pick<Actor, 'personId' | 'name'>,
  { school, term, template, jobId }: IssueOrder,
  students: readonly Person[],
): Promise<Map<string, ListedTranscript>> {
  const ids = students.map((student) => student.id);
  for (let attempt = 0; ; attempt += 1) {
    try {
      await inTransaction(scope, async (inside) => {
        if (!(await holdTerm(inside, term.id, jobId ?? scope.schoolId))) throw new NotFound();
        const left = await listOpenTranscripts(inside, term.id, ids);
        const has = new Set(left.filter((each) => each.state === 'preparing').map((each) => each.studentId));
        const without = students.filter((student) => !has.has(student.id));
        if (without.length === 0) return;
        const serials = await saveNextSerials(inside, without.length);
        const year = clock.now().getUTCFullYear();
        await saveTranscripts(
          inside,
          without.map((student, index) => ({
            id: newId(),
            schoolId: scope.schoolId,
            serial: serials[index]!,
            number: numberText(school.policies.numberPrefix, year, serials[index]!),
            code: codeText(newCode()),
            studentId: student.id,
            studentName: student.displayName,
            termId: term.id,
            termName: term.name,
            jobId,
            state: 'preparing',
            snapshot: null,
            snapshotHash: null,
            factsHash: null,
            template,
            pageSize: school.policies.pageSize,
            pdf: null,
            issuedAt: null,
            issuedBy: actor.personId,
            issuedName: actor.name,
            supersededBy: null,
            revokedAt: null,
            reason: null,
          })),
        );
      });
      break;
    } catch (error) {
      // Somebody else has prepared one of them at the same moment: theirs is found in the next round.
      if (!isDuplicate(error) || attempt >= 5) throw error;
    }
  }
  const open = await listOpenTranscripts(scope, term.id, ids);
  return new Map(open.filter((each) => each.state === 'preparing').map((each) => [each.studentId, each]));
}

/** A transcript that cannot be printed keeps no number: the next one takes it. */
export const releaseNumber = (scope: SchoolScope, transcript: Pick<ListedTranscript, 'id' | 'serial'>) =>
  inTransaction(scope, (inside) => saveSerialReleased(inside, transcript));
