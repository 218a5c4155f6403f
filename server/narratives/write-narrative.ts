/** Beginning, saving and signing a narrative. Refuses other people's voices, stale revisions and empty signatures. */
import type { Actor } from '../access/actor.js';
import { passwordLinkMark } from '../access/password-link.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, isDuplicate, type SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput } from '../errors.js';
import { newId } from '../ids.js';
import { findUnprintable, lettersText } from '../rendering/printable-letters.js';
import { narrativeText } from './narrative-text.js';
import { holdTerm } from '../school/hold-term.js';
import { requirePermission, type StudentFacts } from '../people/person.js';
import {
  mayWriteVoice,
  narrativeHash,
  type Narrative,
  type NarrativeVersion,
  type NarrativeVoice,
} from './narrative.js';
import {
  findNarrativeOf,
  getNarrative,
  saveNarrative,
  saveNarrativeChange,
  saveNarrativeVersion,
} from './narrative-records.js';

interface Needs {
  clock: Clock;
}

/** The draft of this voice for the term; the one that is there already when it was begun before. */
export async function beginNarrative(
  { clock }: Needs,
  scope: SchoolScope,
  actor: Actor,
  input: { student: StudentFacts; termId: string; voice: NarrativeVoice; markdown: string },
): Promise<Narrative> {
  requirePermission(mayWriteVoice(actor, input.student, input.voice), 'narratives.problem.not-your-voice');
  const now = clock.now();
  const { student, termId, voice } = input;
  try {
    return await inTransaction(scope, async (inside) => {
      if (!(await holdTerm(inside, termId, student.id)))
        throw new InvalidInput([{ field: 'termId', message: 'narratives.problem.term-unknown' }]);
      return saveNarrative(inside, {
        ...{ id: newId(), schoolId: scope.schoolId, studentId: student.id, termId, voice },
        authorId: actor.personId,
        authorName: actor.name,
        markdown: input.markdown,
        state: 'draft',
        revision: 1,
        latestVersion: 0,
        createdAt: now,
        savedAt: now,
      });
    });
  } catch (error) {
    const earlier = isDuplicate(error) && (await findNarrativeOf(scope, student.id, termId, voice));
    if (!earlier) throw error;
    return earlier;
  }
}

/** Saving over a signed narrative begins the next version; the signed one stays as it is. */
export async function saveDraft(
  { clock }: Needs,
  scope: SchoolScope,
  actor: Actor,
  input: { student: StudentFacts; narrative: Narrative; markdown: string; revision: number },
): Promise<Narrative> {
  const { narrative } = input;
  requirePermission(
    mayWriteVoice(actor, input.student, narrative.voice),
    'narratives.problem.not-your-voice',
  );
  // Saving what is there already is no change: a signed narrative stays signed.
  if (input.markdown === narrative.markdown && input.revision === narrative.revision) return narrative;
  const saved = await saveNarrativeChange(scope, input.narrative.id, input.revision, {
    markdown: input.markdown,
    state: 'draft',
    authorId: actor.personId,
    authorName: actor.name,
    savedAt: clock.now(),
  });
  if (!saved) throw new Conflict('narratives.problem.stale', {}, 'stale-revision');
  return saved;
}

/**
 * A signed text is printed as it is, so what cannot be printed is said while its author can still change it.
 * Addresses are not printed.
 */
async function checkLetters(markdown: string): Promise<void> {
  const letters = lettersText(await findUnprintable(narrativeText(markdown)));
  if (letters)
    throw new InvalidInput([
      { field: 'markdown', message: 'narratives.problem.letters', params: { letters } },
    ]);
}

/** @throws InvalidInput for words that cannot be signed: none, or letters that cannot be printed */
export async function checkSignable(markdown: string): Promise<void> {
  if (!markdown.trim()) throw new InvalidInput([{ field: 'markdown', message: 'narratives.problem.empty' }]);
  await checkLetters(markdown);
}

/** Freezes the words as the next version. `markdown` left out signs the draft as it was last saved. */
export async function signNarrative(
  { clock }: Needs,
  scope: SchoolScope,
  actor: Actor,
  input: { student: StudentFacts; narrativeId: string; revision?: number; markdown?: string },
): Promise<NarrativeVersion> {
  return inTransaction(scope, async (inside) => {
    const narrative = await getNarrative(inside, input.narrativeId);
    requirePermission(
      mayWriteVoice(actor, input.student, narrative.voice),
      'narratives.problem.not-your-voice',
    );
    const markdown = input.markdown ?? narrative.markdown;
    await checkSignable(markdown);
    if (narrative.state === 'signed' && markdown === narrative.markdown) {
      throw new Conflict('narratives.problem.already-signed');
    }
    const now = clock.now();
    const number = narrative.latestVersion + 1;
    const saved = await saveNarrativeChange(inside, narrative.id, input.revision ?? narrative.revision, {
      markdown,
      state: 'signed',
      authorId: actor.personId,
      authorName: actor.name,
      latestVersion: number,
      savedAt: now,
    });
    if (!saved) throw new Conflict('narratives.problem.stale', {}, 'stale-revision');
    const { studentId, termId, voice } = narrative;
    const frozen = {
      narrativeId: narrative.id,
      studentId,
      termId,
      voice,
      number,
      markdown,
      signedName: actor.name,
      ...passwordLinkMark(actor),
    };
    const version = await saveNarrativeVersion(inside, {
      id: newId(),
      schoolId: scope.schoolId,
      ...frozen,
      signedAt: now,
      signedBy: actor.personId,
      hash: narrativeHash({ ...frozen, signedAt: now, signedBy: actor.personId }),
    });
    await appendAudit(
      inside,
      clock,
      actor,
      'narrative.sign',
      { kind: 'narrative', id: narrative.id },
      { number, hash: version.hash },
    );
    return version;
  });
}
