/**
 * The page of a handover, for the office of either school: its state, what is still planned, and what an
 * acceptance brings.
 */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { listExhibitionsByIds } from '../exhibitions/exhibition-records.js';
import { listSlotsByIds, listSlotsOfStudentSince } from '../exhibitions/slots/slot-records.js';
import { page, type Call } from '../http/route.js';
import { isOver } from '../jobs/job.js';
import { listSeatsOfPerson } from '../exhibitions/seats/seat-records.js';
import { listAdvisories } from '../people/people-records.js';
import { byId } from '../people/person.js';
import { findCopyJob } from './answer-handover.js';
import { guardianStates, listCandidates, readArrival, type Candidate } from './arrival.js';
import { sideOf, type Handover, type HandoverSide } from './handover.js';
import { findHandover } from './handover-records.js';
import { handoverAnswer, handoverView } from './handover-view.js';

/** Seats and slots that are listed. */
const MAX_PLANNED = 50;

const linked = z.object({ href: z.string(), title: z.string(), at: z.string() });
export const handoverPageAnswer = z.object({
  handover: handoverAnswer,
  candidates: z
    .array(
      z.object({
        value: z.string(),
        label: z.string(),
        returns: z
          .boolean()
          .describe(
            'This school had handed the student over: family and custody note of the other school replace those here.',
          ),
        effects: z.array(z.string()),
      }),
    )
    .describe('Students of this school who may be the one.'),
  arriving: z
    .object({
      guardians: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          email: z.string().nullable(),
          state: z.enum(guardianStates),
          nameHere: z.string().nullable(),
        }),
      ),
      custodyNote: z.string(),
    })
    .nullable()
    .describe('Who comes along; null where there is nothing to accept.'),
  planned: z
    .array(linked.extend({ presents: z.boolean() }))
    .describe('What is still planned with the student in the old school.'),
  jobHref: z.string().nullable(),
});

type HandoverCall = Pick<Call<{ id: string }>, 'scope' | 'actor' | 'params' | 'context' | 't' | 'wantsJson'>;

async function ownHandover(call: HandoverCall): Promise<{ handover: Handover; side: HandoverSide }> {
  const handover = await findHandover(call.scope, call.params.id);
  const side = handover && sideOf(call.actor, handover);
  if (!handover || !side) throw new NotFound();
  return { handover, side };
}

/** What is still planned with the student in the school that hands over; nothing is taken away by itself. */
async function plannedFor({ scope, context }: HandoverCall, studentId: string) {
  const now = context.clock.now();
  const [slots, seats] = await Promise.all([
    listSlotsOfStudentSince(scope, studentId, now),
    listSeatsOfPerson(scope, studentId, 1, MAX_PLANNED),
  ]);
  const seated = (await listSlotsByIds(scope, [...new Set(seats.items.map(({ slotId }) => slotId))])).filter(
    ({ startsAt }) => startsAt > now,
  );
  const all = [...byId([...slots, ...seated]).values()].slice(0, MAX_PLANNED);
  const exhibitions = byId(
    await listExhibitionsByIds(scope, [...new Set(all.map(({ exhibitionId }) => exhibitionId))]),
  );
  return all.map((slot) => ({
    href: `/slots/${slot.id}`,
    title: exhibitions.get(slot.exhibitionId)?.title ?? '',
    at: slot.startsAt.toISOString(),
    presents: slot.studentId === studentId,
  }));
}

export async function handoverPage(call: HandoverCall) {
  const { scope, t } = call;
  const { handover, side } = await ownHandover(call);
  const view = handoverView(handover, side);
  const answers = view.acts.includes('accept');
  const [candidates, advisories, planned, copying] = await Promise.all([
    answers ? listCandidates(scope, handover) : [],
    answers ? listAdvisories(scope) : [],
    side === 'from' && ['offered', 'accepted', 'copied'].includes(handover.state)
      ? plannedFor(call, handover.studentId)
      : [],
    side === 'to' && handover.state === 'accepted' ? findCopyJob(scope, handover.id) : null,
  ]);
  const arriving = answers ? await readArrival(scope, handover, candidates) : null;
  const known = candidates.map((candidate) => candidateView(candidate, t));
  const job = copying?.job ?? null;
  return page(
    'handover/handover',
    {
      handover: view,
      stateWords: t(`handover.state.${side}.${handover.state}`, { school: view.otherSchool ?? '' }),
      candidates: known,
      likelyId: view.student.id ?? onlyOne(known.filter(({ returns }) => returns))?.value ?? null,
      effects: known.filter(({ effects }) => effects.length > 0),
      arriving: arriving && {
        ...arriving,
        guardians: arriving.guardians.map((each) => ({
          ...each,
          ...{ value: each.id, label: each.name },
          help: [each.email, t(`handover.accept.guardian.${each.state}`, { name: each.nameHere ?? '' })]
            .filter(Boolean)
            .join(' · '),
        })),
        ticked: arriving.guardians.map(({ id }) => id),
      },
      advisories: advisories.map(({ id, name }) => ({ value: id, label: name })),
      planned,
      /** Where copying can be followed; it can be begun again once it has ended without success. */
      jobHref: job ? `/jobs/${job.id}` : null,
      mayCopyAgain: view.acts.includes('copy') && (!job || isOver(job)),
    },
    {
      title: t('handover.page.title', { name: view.student.name }),
      crumbs: [{ href: '/handovers', label: t('handover.list.title') }],
    },
  );
}

const onlyOne = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);

/** What becomes of the family and the note that this school has, should the student be this one. */
function candidateView({ person, returns, custodyNote, guardians }: Candidate, t: HandoverCall['t']) {
  const { id, displayName, grade, active, sealedAt } = person;
  const label = [
    displayName,
    grade ? t('people.students.grade-line', { grade }) : null,
    active ? null : t('handover.accept.left'),
  ]
    .filter(Boolean)
    .join(' · ');
  const names = guardians.join(', ');
  return {
    ...{ value: id, label, returns },
    effects: [
      returns ? t('handover.accept.returns') : null,
      names ? t(`handover.accept.family-${returns ? 'before' : 'stays'}`, { names }) : null,
      custodyNote ? t(`handover.accept.note-${returns ? 'before' : 'stays'}`, { note: custodyNote }) : null,
      sealedAt ? t('handover.accept.sealed') : null,
    ].filter((words) => words !== null),
  };
}
