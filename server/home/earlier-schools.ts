/** What a student's page says of other schools: a handover that is under way or done, and the records brought along. */
import { listEarlierLines, listProfiles, type EarlierLine } from '../handover/earlier-part-records.js';
import { mayReadPart } from '../handover/earlier-record.js';
import { listHandoversOfStudents } from '../handover/handover-records.js';
import type { Handover } from '../handover/handover.js';
import type { Person } from '../people/person.js';
import type { StudentCall } from './student-page.js';

/** The state of handovers, for whoever may read the student; the office gets the way to its page. */
export async function movesOf({ scope, actor, t }: StudentCall, student: Person) {
  const found = await listHandoversOfStudents(scope, [student.id]);
  const office = actor.roles.includes('registrar') || actor.roles.includes('admin');
  return found.map((handover) => ({
    ...moveLine(handover, scope.schoolId, t),
    href: office ? `/handovers/${handover.id}` : null,
  }));
}

/** In one sentence, from the side of this school. */
function moveLine(handover: Handover, schoolId: string, t: StudentCall['t']) {
  const leaves = handover.fromSchoolId === schoolId;
  const school = leaves ? handover.toSchoolName : handover.fromSchoolName;
  const at = (
    handover.copiedAt ??
    handover.answeredAt ??
    handover.offeredAt ??
    handover.createdAt
  ).toISOString();
  return { words: t(`home.move.${leaves ? 'from' : 'to'}.${handover.state}`, { school }), at };
}

const kinds = ['portfolio', 'result', 'narrative', 'plan', 'internship', 'work'] as const;

/** By school, the one before this one first; only what the reader may see. */
export async function earlierOf({ scope, actor, t }: StudentCall, student: Person) {
  const [profiles, lines] = await Promise.all([
    listProfiles(scope, student.id),
    listEarlierLines(scope, student.id),
  ]);
  const readable = newestOf(lines.filter((line) => mayReadPart(actor, student, line)));
  const newest = new Map(profiles.map((profile) => [profile.fromSchoolId, profile]));
  return [...newest.values()].reverse().flatMap((profile) => {
    if (profile.kind !== 'profile') return [];
    const { content, fromSchoolId, copiedAt } = profile;
    return [
      {
        id: `earlier-${fromSchoolId}`,
        school: content.school,
        copiedAt: copiedAt.toISOString(),
        terms: content.terms.map(({ name, grade, advisory }) => ({
          name,
          line: [grade ? t('people.students.grade-line', { grade }) : null, advisory]
            .filter(Boolean)
            .join(' · '),
        })),
        groups: kinds
          .map((kind) => ({
            kind,
            title: t(`handover.kinds.${kind}`),
            items: readable
              .filter((line) => line.kind === kind && line.fromSchoolId === fromSchoolId)
              .map((line) => earlierLine(line, t)),
          }))
          .filter(({ items }) => items.length > 0),
        transcripts: content.transcripts.map(({ number, code, term, issuedAt }) => ({
          ...{ number, term, issuedAt, href: `/verify/${code}` },
        })),
      },
    ];
  });
}

/** A plan or an internship that was changed before the student came a second time is here as it was both times. */
function newestOf(lines: readonly EarlierLine[]): EarlierLine[] {
  const idOf = ({ content }: EarlierLine) => content.planId ?? content.internshipId ?? null;
  return lines.filter((line) => {
    const id = idOf(line);
    const revision = line.content.revision ?? 0;
    return id === null || !lines.some((each) => idOf(each) === id && (each.content.revision ?? 0) > revision);
  });
}

function earlierLine({ id, kind, title, term, at, content }: EarlierLine, t: StudentCall['t']) {
  const words =
    kind === 'narrative'
      ? t(`narratives.voice.${content.voice ?? 'advisor'}`)
      : kind === 'result' && content.outcome
        ? t(`results.outcome.${content.outcome}`)
        : '';
  return {
    href: `/earlier-records/${id}`,
    title: title || t(`handover.kind.${kind}`),
    line: [kind === 'narrative' ? '' : term, words].filter(Boolean).join(' · '),
    at: at.toISOString(),
  };
}
