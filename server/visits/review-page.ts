/**
 * The page on which those who run a gallery look at its comments: what waits, what is shown, what was set
 * aside. Also its JSON.
 */
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { localMoment, readMoment } from '../exhibitions/day-and-time.js';
import { isScoring } from '../exhibitions/exhibition.js';
import { checkPlanner } from '../exhibitions/planners/planners.js';
import { findExhibition } from '../exhibitions/exhibition-records.js';
import { listSlotsOfExhibition } from '../exhibitions/slots/slot-records.js';
import { pagerOf } from '../http/pager.js';
import { listOf, pageQuery } from '../http/read-input.js';
import { page, type PageAnswer, type AnyCall } from '../http/route.js';
import { listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/person.js';
import { findStop } from './stand-stop-records.js';
import { findClosedStands } from './review-comments.js';
import { isHeld, type Comment } from './visit.js';
import { hidingsAnswer, hidingsView } from './visit-view.js';
import { countComments, listComments, reviewStates, type CommentFilter } from './visit-records.js';

const optional = z.string().trim().max(64).optional();

/** What narrows the list down; times as a `datetime-local` field has them, in the school's zone. */
export const reviewFilterFields = {
  state: z.enum(reviewStates).default('waiting'),
  slotId: optional,
  device: optional,
  from: optional,
  to: optional,
};
export const reviewQuery = pageQuery.extend(reviewFilterFields);
export type FilterFields = z.output<z.ZodObject<typeof reviewFilterFields>>;

const commentAnswer = z.object({
  id: z.string(),
  revision: z.number().describe('What is approved is this state of the words.'),
  slotId: z.string(),
  room: z.string(),
  studentName: z.string(),
  name: z.string(),
  role: z.string(),
  leftAt: z.string(),
  feedback: z.array(z.object({ prompt: z.string(), words: z.string() })),
  comment: z.string().describe('What came with a score.'),
  state: z.enum(['waiting', 'shown', 'hidden']),
  ...hidingsAnswer,
  device: z.string().nullable().describe('The same for everything that was left from one device.'),
});
export const reviewAnswer = listOf(commentAnswer).extend({
  exhibition: z.object({ id: z.string(), title: z.string() }),
  waiting: z.number(),
});

/** @throws InvalidInput for a time that is none */
export function filterOf(
  exhibitionId: string,
  { state, slotId, device, from, to }: FilterFields,
  zone: string,
): Omit<CommentFilter, 'exceptSlotIds'> {
  return {
    exhibitionId,
    state,
    slotId: slotId || undefined,
    device: device || undefined,
    from: from ? readMoment(from, zone, 'from', 'any') : undefined,
    to: to ? readMoment(to, zone, 'to', 'any') : undefined,
  };
}

const stateOf = (comment: Comment): 'waiting' | 'shown' | 'hidden' => {
  if (comment.hidden) return 'hidden';
  return isHeld(comment) ? 'waiting' : 'shown';
};

/** Short enough to be told apart at a glance. */
/** As the office tells devices apart; null where none is known. */
export const deviceName = (device: string | null | undefined): string | null =>
  device ? device.slice(0, 4).toUpperCase() : null;

/** @throws NotFound for an exhibition of another school, or one that is no gallery */
export async function visitReviewPage(
  call: AnyCall,
  id: string,
  asked: z.output<typeof reviewQuery>,
): Promise<PageAnswer> {
  const { scope, actor, t, timeZone } = call;
  const exhibition = await findExhibition(scope, id);
  if (exhibition?.format !== 'gallery') throw new NotFound();
  checkPlanner(actor, exhibition);
  const [slots, exceptSlotIds, allStopped] = await Promise.all([
    listSlotsOfExhibition(scope, id),
    findClosedStands(scope, actor, id),
    findStop(scope, { id, exhibitionId: id }),
  ]);
  const filter = { ...filterOf(id, asked, timeZone), exceptSlotIds };
  const [found, waiting, people] = await Promise.all([
    listComments(scope, filter, asked.page, asked.perPage),
    countComments(scope, { exhibitionId: id, state: 'waiting', exceptSlotIds }),
    listPeopleByIds(scope, [...new Set(slots.map((slot) => slot.studentId))]).then(byId),
  ]);
  const roomOf = new Map(slots.map((slot) => [slot.id, slot.room]));
  const view = {
    ...found,
    items: found.items.map((comment) => ({
      id: comment.id,
      revision: comment.revision,
      slotId: comment.slotId,
      room: roomOf.get(comment.slotId) ?? '',
      studentName: people.get(comment.studentId)?.displayName ?? '',
      name: comment.name,
      role: comment.role,
      leftAt: comment.leftAt?.toISOString() ?? '',
      feedback: comment.feedback,
      comment: comment.score.comment,
      state: stateOf(comment),
      ...hidingsView(comment),
      device: comment.device ?? null,
    })),
    exhibition: { id, title: exhibition.title },
    waiting,
  };
  const title = t('visits.review.title');
  if (call.wantsJson) return page('visits/review', view, { title });
  const path = `/exhibitions/${id}/comments`;
  const chosen = {
    state: asked.state,
    slotId: asked.slotId ?? '',
    device: asked.device ?? '',
    from: filter.from ? localMoment(filter.from, timeZone) : '',
    to: filter.to ? localMoment(filter.to, timeZone) : '',
  };
  const self = `${path}?${new URLSearchParams(chosen).toString()}`;
  return page(
    'visits/review',
    {
      ...view,
      items: view.items.map((item) => ({
        ...item,
        deviceName: deviceName(item.device),
        deviceHref:
          item.device && `${path}?${new URLSearchParams({ state: 'all', device: item.device }).toString()}`,
      })),
      filter: chosen,
      stops: isScoring(exhibition),
      allStopped: allStopped && { byName: allStopped.byName, at: allStopped.at.toISOString() },
      self,
      deviceName: deviceName(chosen.device),
      narrowed: Object.entries(chosen).some(([field, value]) => field !== 'state' && value !== ''),
      approves: view.items.some((item) => item.state === 'waiting'),
      hides: view.items.some((item) => item.state !== 'hidden'),
      closedStands: exceptSlotIds.length,
      states: reviewStates.map((state) => ({ value: state, label: t(`visits.review.state-${state}`) })),
      stands: slots.map((slot) => ({
        value: slot.id,
        label: `${slot.room} · ${people.get(slot.studentId)?.displayName ?? ''}`,
      })),
      pager: pagerOf(found, path, chosen),
    },
    {
      title,
      scripts: ['live'],
      crumbs: [
        { href: '/exhibitions', label: t('exhibition.list.title') },
        { href: `/exhibitions/${id}`, label: exhibition.title },
      ],
    },
  );
}
