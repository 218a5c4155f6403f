/**
 * Makes the address under which somebody subscribes to their calendar, makes it anew, takes it away, and
 * finds whose it is. The secret stands in the address that is shown once; only its hash is kept. Refuses
 * guests, and people who have left.
 */
import { findAccountOfPerson } from '../access/account-records.js';
import type { Actor } from '../access/actor.js';
import { limitAttempts } from '../access/limit-attempts.js';
import { hashSecret, newSecret } from '../access/secrets.js';
import { subnetOf } from '../access/subnet.js';
import { appendAudit } from '../audit/append-audit.js';
import type { Clock } from '../clock.js';
import { inTransaction, type Database, type SchoolScope } from '../db/database.js';
import { Conflict, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { findSchool } from '../school/school-records.js';
import { findActorFacts } from '../people/people-records.js';
import { requirePermission } from '../people/person.js';
import { maySubscribe, type CalendarReader } from './calendar.js';
import {
  findFeedBySecret,
  findFeedOf,
  removeFeed,
  saveFeed,
  saveFeedRenewed,
  saveFeedUsed,
  type CalendarFeed,
} from './calendar-feed-records.js';

/** The secret of the new address; an older one leads nowhere any more. */
export async function renewFeed(
  needs: { clock: Clock },
  scope: SchoolScope,
  actor: Actor,
): Promise<{ feed: CalendarFeed; secret: string }> {
  requirePermission(maySubscribe(actor));
  const secret = newSecret();
  return inTransaction(scope, async (inside) => {
    const now = needs.clock.now();
    const before = await findFeedOf(inside, actor.personId);
    const feed = before
      ? (await saveFeedRenewed(inside, before.id, hashSecret(secret), now))!
      : await saveFeed(inside, {
          id: newId(),
          schoolId: scope.schoolId,
          personId: actor.personId,
          secretHash: hashSecret(secret),
          createdAt: now,
          usedAt: null,
        });
    const subject = { kind: 'calendar-feed', id: feed.id };
    await appendAudit(
      inside,
      needs.clock,
      actor,
      before ? 'calendar-feed.renew' : 'calendar-feed.make',
      subject,
    );
    return { feed, secret };
  });
}

/** @throws Conflict when there is none */
export async function stopFeed(needs: { clock: Clock }, scope: SchoolScope, actor: Actor): Promise<void> {
  requirePermission(maySubscribe(actor));
  await inTransaction(scope, async (inside) => {
    const feed = await findFeedOf(inside, actor.personId);
    if (!feed) throw new Conflict('calendar.problem.no-feed');
    await removeFeed(inside, actor.personId);
    await appendAudit(inside, needs.clock, actor, 'calendar-feed.stop', {
      kind: 'calendar-feed',
      id: feed.id,
    });
  });
}

const quarter = 15 * 60;
const hour = 3_600_000;
/** Wrong addresses from one place, and questions under one address, in a quarter of an hour. */
export const MAX_MISSES = 60;
export const MAX_REQUESTS = 60;

/**
 * Whose calendar it is, with what they may see today: roles, children and advisees come from the records of
 * this moment.
 * @param address of the network, for counting wrong guesses
 * @throws NotFound for an unknown address and for somebody who has left; TooMany
 */
export async function findFeedReader(
  needs: { db: Database; clock: Clock },
  secret: string,
  address: string,
): Promise<{ scope: SchoolScope; reader: CalendarReader }> {
  const { db, clock } = needs;
  const now = clock.now();
  const count = (what: string, whom: string, most: number) =>
    limitAttempts(db, { what, whom, most, seconds: quarter }, now);
  const feed = await findFeedBySecret(db, hashSecret(secret));
  if (!feed) {
    await count('calendar-miss', subnetOf(address), MAX_MISSES);
    throw new NotFound();
  }
  await count('calendar-feed', feed.id, MAX_REQUESTS);
  const scope = { db, schoolId: feed.schoolId };
  const [facts, account, school] = await Promise.all([
    findActorFacts(scope, feed.personId),
    findAccountOfPerson(db, feed.personId),
    findSchool(db, feed.schoolId),
  ]);
  if (!facts || !account || account.disabledAt || school?.closedAt) throw new NotFound();
  if (now.getTime() - (feed.usedAt?.getTime() ?? 0) > hour) await saveFeedUsed(scope, feed.id, now);
  return { scope, reader: { ...facts, personId: feed.personId, seatIds: null } };
}
