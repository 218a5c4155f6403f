/**
 * What rows of several rooms make anew: a presentation in an exhibition of its own, as far as the act at the
 * address needs it.
 */
import { fillSheet } from '../../harness/builders/scores.js';
import { aPresentation, type Presentation } from '../../harness/builders/presentation.js';
import { actorOf } from '../../harness/builders/transcript.js';
import type { World } from '../../harness/builders/world.js';
import type { Actor } from '../../../server/access/actor.js';
import type { Format, Phase } from '../../../server/exhibitions/exhibition.js';
import { saveExhibitionChange } from '../../../server/exhibitions/exhibition-records.js';
import type { Anew, Made } from './row.js';
import { at, dayFromNow } from '../../harness/test-clock.js';

/** The first row of the exhibition rubric, and one of its levels. */
export const aRow = 'commitment-to-personal-vision';
export const aLevel = 'meeting';

export const registrarOf = (world: World): Actor => actorOf(world.people.registrar);

let days = 0;
/** Noon in the school's zone on a day that nobody has anything else to do. */
function freshDay(): Date {
  days += 1;
  return at('12:00', dayFromNow(days));
}

export type FreshPresentation = Presentation & { startsAt: Date };

/** The student's, before the panelist and a guest. */
export async function presentationIn(
  world: World,
  phase: Phase,
  format: Format = 'panel',
  startsAt: Date = freshDay(),
): Promise<FreshPresentation> {
  const { student, panelist } = world.people;
  const made = await aPresentation(world.app, world.home, student, panelist, phase, format, startsAt);
  return { ...made, startsAt };
}

/** Minutes after the presentation began, as a form sends it. */
export const later = ({ startsAt }: FreshPresentation, minutes: number): string =>
  new Date(startsAt.getTime() + minutes * 60_000).toISOString();

/** A presentation whose exhibition is in this phase; `body` where it depends on the time or on the world. */
export const inPhase =
  (phase: Phase, body?: (made: FreshPresentation, world: World) => Made['body'], format?: Format): Anew =>
  async (world) => {
    const made = await presentationIn(world, phase, format);
    const sent = body?.(made, world);
    return { ids: { ...made.ids }, ...(sent ? { body: sent } : {}) };
  };

/** What the panelist says of every row; without `submit` as a draft. */
export async function panelistFills(world: World, seatId: string, submit = true): Promise<void> {
  await fillSheet(await world.client('panelist'), seatId, [aLevel], { submit });
}

/** The panelist's sheet is in, the guest's is awaited; the panel may read the one that is in. */
export const revealed: Anew = async (world) => {
  const made = await heard(world);
  await succeed(world, `/slots/${made.ids.slot}/reveal`);
  return { ids: { ...made.ids } };
};

/** The panelist's sheet is in. */
export async function heard(world: World): Promise<FreshPresentation> {
  const made = await presentationIn(world, 'scoring');
  await panelistFills(world, made.ids.seat);
  return made;
}

/** Closed over the guest's empty sheet: it could be published. */
export async function over(world: World): Promise<FreshPresentation> {
  const made = await heard(world);
  await saveExhibitionChange(world.home.scope, made.ids.exhibition, 'scoring', { phase: 'closed' });
  return made;
}

/** An act of the registrar's that the row needs done before. */
async function succeed(world: World, path: string, body: object = {}): Promise<void> {
  const answer = await (await world.client('registrar')).post(path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
}

/** The student's together with another student, who is named in what is sent. */
/** Of what was made only the ids: the act reads nothing. */
export const withoutBody =
  (anew: Anew): Anew =>
  async (world, persona) => {
    const { ids } = await anew(world, persona);
    return ids ? { ids } : {};
  };

export const inGroup: Anew = async (world) => {
  const made = await presentationIn(world, 'open');
  const mate = { studentId: world.people.otherStudent.id };
  await succeed(world, `/slots/${made.ids.slot}/members`, mate);
  return { ids: { ...made.ids }, body: { ...mate, absent: 'yes' } };
};

/** What the registrar reads at an address, of which the act sends along what it has seen. */
export const read = async <T>(world: World, path: string): Promise<T> =>
  (await (await world.client('registrar')).get(path)).json<T>();

/** The same as `made`, with what is read of it afterwards in the body. */
export const havingSeen =
  (made: Anew, see: (ids: Record<string, string>, world: World) => Promise<object>): Anew =>
  async (world, persona) => {
    const { ids = {}, body } = await made(world, persona);
    return { ids, body: { ...body, ...(await see(ids, world)) } };
  };
