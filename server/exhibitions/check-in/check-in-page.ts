/** The check-in desk and the itineraries of the panelists. Each is also the JSON of its address. */
import { z } from 'zod';
import { dayOf } from '../day-and-time.js';
import { isRunning } from '../exhibition.js';
import { getExhibition } from '../exhibition-records.js';
import { presenterLine } from '../groups/group.js';
import { findPresenters } from '../slots/name-presenters.js';
import { checkPlanner } from '../planners/planners.js';
import { endOf, type Slot } from '../slots/slot.js';
import { listSlotsOfExhibition } from '../slots/slot-records.js';
import { page, type PageAnswer, type AnyCall } from '../../http/route.js';
import { listNamesAndRoles, listPeopleByIds } from '../../people/people-records.js';
import { arrivalState, arrivalStates } from './check-in.js';
import { readCheckIn } from './read-check-in.js';
import type { Seat } from '../seats/seat.js';
import { listSeatsOfSlots } from '../seats/seat-records.js';
import type { ExhibitionPorts } from '../exhibition-ports.js';

const stop = z.object({
  ...{ seatId: z.string(), slotId: z.string(), room: z.string(), startsAt: z.string(), endsAt: z.string() },
  ...{ studentName: z.string(), role: z.string(), chair: z.boolean() },
  absent: z.boolean().describe('Whoever presents did not come.'),
});
export const checkInAnswer = z.object({
  id: z.string(),
  title: z.string(),
  day: z.string().nullable(),
  counts: z.object({ here: z.number(), missing: z.number(), people: z.number() }),
  people: z.array(
    z.object({
      personId: z.string(),
      name: z.string(),
      organisation: z.string().nullable(),
      state: z.enum(arrivalStates),
      /** Where they sit now or next; null when all is over. */
      next: stop.nullable(),
      panels: z.number(),
    }),
  ),
  found: z.array(z.object({ personId: z.string(), name: z.string(), organisation: z.string().nullable() })),
});
export const itinerariesAnswer = z.object({
  id: z.string(),
  title: z.string(),
  place: z.string(),
  people: z.array(
    z.object({
      personId: z.string(),
      name: z.string(),
      day: z.string(),
      startsAt: z.string(),
      stops: z.array(stop),
    }),
  ),
});

const stopOf = (
  seat: Seat,
  slot: Slot,
  people: Parameters<typeof presenterLine>[1],
): z.output<typeof stop> => ({
  seatId: seat.id,
  slotId: slot.id,
  room: slot.room,
  startsAt: slot.startsAt.toISOString(),
  endsAt: endOf(slot).toISOString(),
  studentName: presenterLine(slot, people),
  role: seat.role,
  chair: seat.chair,
  absent: slot.absent ?? false,
});

const MAX_FOUND = 12;
const inOrderOf = (state: (typeof arrivalStates)[number]): number => arrivalStates.indexOf(state);

/**
 * @param search words of a name, a room or an organization: of people of the day, and of others who sit on no
 *   panel of it yet
 */
export async function checkInPage(
  call: AnyCall,
  needs: ExhibitionPorts,
  id: string,
  search: string,
): Promise<PageAnswer> {
  const { scope, actor, t, timeZone, context } = call;
  const exhibition = await getExhibition(scope, id);
  checkPlanner(actor, exhibition);
  const now = context.clock.now();
  const day = await readCheckIn(needs, scope, exhibition, now, timeZone);
  const [presenters, known] = await Promise.all([
    findPresenters(scope, day.slots),
    listPeopleByIds(scope, [...day.byPerson.keys()]),
  ]);
  const organisations = new Map(known.map(({ id: personId, organisation }) => [personId, organisation]));
  const people = [...day.byPerson].map(([personId, own]) => {
    const left = own.filter(({ slot }) => endOf(slot) > now);
    const next = left.find(({ slot }) => !slot.absent) ?? left[0];
    return {
      personId,
      name: own[0]!.seat.name,
      organisation: organisations.get(personId) ?? null,
      rooms: own.map(({ slot }) => slot.room),
      state: arrivalState(
        own.map(({ slot }) => slot),
        day.isHere(personId),
        now,
      ),
      next: next ? stopOf(next.seat, next.slot, presenters) : null,
      panels: own.length,
      sitsNow: left.some(({ slot }) => slot.startsAt <= now && !slot.absent),
    };
  });
  const byNeed = people
    .filter(({ name, organisation, rooms }) => matches(search, [name, organisation ?? '', ...rooms]))
    .sort(
      (a, b) =>
        inOrderOf(a.state) - inOrderOf(b.state) ||
        (a.next?.startsAt ?? '').localeCompare(b.next?.startsAt ?? '') ||
        a.name.localeCompare(b.name),
    );
  const count = (state: (typeof arrivalStates)[number]) =>
    people.filter((each) => each.state === state).length;
  const view = {
    id,
    title: exhibition.title,
    day: day.day,
    counts: { here: count('here'), missing: count('missing'), people: people.length },
    people: byNeed.map(({ personId, name, organisation, state, next, panels }) => ({
      personId,
      name,
      organisation,
      state,
      next,
      panels,
    })),
    found: search === '' ? [] : await findByName(call, search, new Set(day.byPerson.keys())),
  };
  const title = t('panel.check-in.title');
  if (call.wantsJson) return page('panel/check-in', view, { title });
  const running = isRunning(exhibition);
  const isToday = day.day === dayOf(now, timeZone);
  return page(
    'panel/check-in',
    {
      ...view,
      search,
      searchQuery: encodeURIComponent(search),
      livePage: `/exhibitions/${id}/check-in${search ? `?search=${encodeURIComponent(search)}` : ''}`,
      isEmpty: people.length === 0,
      running,
      otherDay: isToday ? null : day.day,
      groups: arrivalStates.flatMap((state) => {
        const own = byNeed.filter((each) => each.state === state);
        if (own.length === 0) return [];
        return [
          {
            state,
            label: t(`panel.check-in.state.${state}`, { count: own.length }),
            people: own.map((each, at) => ({
              ...each,
              // Whoever is noted goes to another group: the list goes on with the next one.
              place: (own[at + 1] ?? own[at - 1] ?? each).personId,
              mayArrive: isToday && state !== 'here',
              mayTakeBack: isToday && state === 'here',
              mayBeSeated: running && !each.sitsNow,
            })),
          },
        ];
      }),
    },
    { title, scripts: ['live'], crumbs: crumbsOf(call, exhibition) },
  );
}

const crumbsOf = ({ t }: AnyCall, exhibition: { id: string; title: string }) => [
  { href: '/exhibitions', label: t('exhibition.list.title') },
  { href: `/exhibitions/${exhibition.id}`, label: exhibition.title },
];

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Whether each word that was searched for is somewhere in these texts. */
function matches(search: string, texts: readonly string[]): boolean {
  const found = plain(texts.join('\n'));
  return plain(search)
    .split(/\s+/)
    .every((word) => found.includes(word));
}

async function findByName({ scope }: AnyCall, search: string, known: ReadonlySet<string>) {
  const found = (await listNamesAndRoles(scope))
    .filter((person) => !known.has(person.id))
    .filter(({ displayName, organisation }) => matches(search, [displayName, organisation ?? '']));
  // Students sit as peers; the many who only share a name with a judge come after them.
  const isStudent = ({ roles }: (typeof found)[number]) => roles.includes('student');
  return [...found.filter((each) => !isStudent(each)), ...found.filter(isStudent)]
    .slice(0, MAX_FOUND)
    .map(({ id: personId, displayName: name, organisation }) => ({ personId, name, organisation }));
}

/** Of every panelist a page for each day: when they are where, before whom. @param personId of one alone */
export async function itinerariesPage(
  call: AnyCall,
  id: string,
  personId: string | undefined,
): Promise<PageAnswer> {
  const { scope, actor, t, timeZone, context } = call;
  const exhibition = await getExhibition(scope, id);
  checkPlanner(actor, exhibition);
  const slots = await listSlotsOfExhibition(scope, id);
  const bySlotId = new Map(slots.map((slot) => [slot.id, slot]));
  const [presenters, seats] = await Promise.all([
    findPresenters(scope, slots),
    listSeatsOfSlots(
      scope,
      slots.map((slot) => slot.id),
    ),
  ]);
  const pages = new Map<
    string,
    { personId: string; name: string; day: string; stops: z.output<typeof stop>[] }
  >();
  for (const seat of seats) {
    if (seat.endedAt || (personId && seat.personId !== personId)) continue;
    const slot = bySlotId.get(seat.slotId)!;
    const day = dayOf(slot.startsAt, timeZone);
    const key = `${day} ${seat.personId}`;
    const own = pages.get(key) ?? { personId: seat.personId, name: seat.name, day, stops: [] };
    own.stops.push(stopOf(seat, slot, presenters));
    pages.set(key, own);
  }
  const people = [...pages.values()]
    .map((each) => ({ ...each, stops: each.stops.sort((a, b) => a.startsAt.localeCompare(b.startsAt)) }))
    .map((each) => ({ ...each, startsAt: each.stops[0]!.startsAt }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.day.localeCompare(b.day));
  const view = { id, title: exhibition.title, place: exhibition.place, people };
  const shown = call.wantsJson ? view : { ...view, madeAt: context.clock.now() };
  return page('panel/itineraries', shown, {
    title: t('panel.itineraries.title'),
    crumbs: crumbsOf(call, exhibition),
  });
}
