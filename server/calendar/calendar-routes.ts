/**
 * Calendars over HTTP: what lies ahead for me, the same as a file, and as an address that calendar programs
 * ask again and again.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { NotFound } from '../errors.js';
import { mayManageExhibitions } from '../exhibitions/exhibition.js';
import { findExhibition } from '../exhibitions/exhibition-records.js';
import { contentDisposition } from '../http/content-disposition.js';
import { originOf } from '../http/origin.js';
import { pagerOf } from '../http/pager.js';
import { firstPage, idParams, listOf, pageQuery } from '../http/read-input.js';
import { done, page, raw, routes, type Answer, type PageAnswer, type AnyCall } from '../http/route.js';
import { requirePermission } from '../people/person.js';
import { findSchool } from '../school/school-records.js';
import { addressWarning } from '../school/shared-address.js';
import { isGuest, maySubscribe, type CalendarEntry } from './calendar.js';
import { findFeedOf, type CalendarFeed } from './calendar-feed-records.js';
import { gatherDayEntries, gatherEntries } from './gather-entries.js';
import { findFeedReader, renewFeed, stopFeed } from './renew-feed.js';
import { writeCalendar } from './write-calendar.js';

export const calendarRoutes = routes('calendar');

const planners = ['advisor', 'registrar', 'admin'] as const;
const owners = ['student', 'guardian', 'panelist', ...planners] as const;
const calendarType = 'text/calendar';

const entryAnswer = z.object({
  slotId: z.string(),
  as: z.enum(['presenter', 'panel', 'family', 'advisor']),
  studentName: z.string(),
  exhibitionTitle: z.string(),
  place: z.string(),
  room: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
  attempt: z.number(),
});
const feedAnswer = z.object({ createdAt: z.string(), usedAt: z.string().nullable() });

const entryView = (entry: CalendarEntry) => ({
  slotId: entry.slotId,
  as: entry.as,
  studentName: entry.studentName,
  exhibitionTitle: entry.exhibitionTitle,
  place: entry.place,
  room: entry.room,
  startsAt: entry.startsAt.toISOString(),
  endsAt: entry.endsAt.toISOString(),
  attempt: entry.attempt,
});
const feedView = (feed: CalendarFeed) => ({
  createdAt: feed.createdAt.toISOString(),
  usedAt: feed.usedAt?.toISOString() ?? null,
});

calendarRoutes.get(
  '/calendar',
  {
    summary: 'What lies ahead for me: my presentations and panels, those of my children and advisees',
    who: [...owners, 'guest'],
    query: pageQuery,
    answer: listOf(entryAnswer).extend({ feed: feedAnswer.nullable() }),
  },
  (call) => calendarPage(call, call.query),
);

calendarRoutes.get(
  '/calendar/mine.ics',
  { summary: 'The same as a calendar file', who: [...owners, 'guest'], answerType: calendarType },
  async (call) => {
    const any = call;
    const entries = await gatherEntries(call.scope, call.actor, call.context.clock.now());
    return file(any, call.scope.schoolId, entries, null, 'attachment');
  },
);

calendarRoutes.post(
  '/calendar/feed',
  {
    summary: 'Make the address under which a calendar program follows mine; an older one stops working',
    who: owners,
    status: 201,
    answer: feedAnswer.extend({ feedUrl: z.string() }),
    limit: { name: 'calendar-make', times: 30, seconds: 900 },
    again: (call) => calendarPage(call, firstPage),
  },
  async (call) => {
    const { feed, secret } = await renewFeed(call.context, call.scope, call.actor);
    const any = call;
    const feedUrl = `${originOf(any)}/calendar/feeds/${secret}.ics`;
    // In this one answer only, never through a redirect: the secret must not end in a history or a session.
    if (!call.wantsJson) return { ...(await calendarPage(any, firstPage, feedUrl)), status: 201 };
    return done('/calendar', { ...feedView(feed), feedUrl }, { status: 201 });
  },
);

calendarRoutes.post(
  '/calendar/feed/stop',
  {
    summary: 'Take the address away: whoever follows it gets nothing any more',
    who: owners,
    answer: z.object({ stopped: z.literal(true) }),
    again: (call) => calendarPage(call, firstPage),
  },
  async (call) => {
    await stopFeed(call.context, call.scope, call.actor);
    return done('/calendar', { stopped: true }, { notice: 'calendar.notice.stopped' });
  },
);

calendarRoutes.get(
  '/calendar/feeds/:secret',
  {
    summary: 'A subscribed calendar; the secret in the address is all that is needed',
    who: 'anyone',
    params: z.object({ secret: z.string().regex(/^[\w-]{16,64}(\.ics)?$/) }),
    answerType: calendarType,
  },
  async (call) => {
    const secret = call.params.secret.replace(/\.ics$/, '');
    const { db, clock } = call.context;
    const { scope, reader } = await findFeedReader({ db, clock }, secret, call.request.ip ?? '');
    const entries = await gatherEntries(scope, reader, clock.now());
    return file(call, scope.schoolId, entries, null, 'inline');
  },
);

calendarRoutes.get(
  '/exhibitions/:id/calendar.ics',
  {
    summary: 'Every presentation of an exhibition as a calendar file',
    who: planners,
    params: idParams,
    answerType: calendarType,
  },
  async (call) => {
    requirePermission(mayManageExhibitions(call.actor));
    const exhibition = await findExhibition(call.scope, call.params.id);
    if (!exhibition) throw new NotFound();
    const entries = await gatherDayEntries(call.scope, exhibition);
    return file(call, call.scope.schoolId, entries, exhibition.title, 'attachment');
  },
);

/** @param title of an exhibition; null for somebody's own calendar */
async function file(
  call: AnyCall,
  schoolId: string,
  entries: CalendarEntry[],
  title: string | null,
  kind: 'inline' | 'attachment',
): Promise<Answer> {
  const { context, response } = call;
  const school = await findSchool(context.db, schoolId);
  const t: AnyCall['t'] = (key, params) => context.texts.t(school?.locale ?? 'en', key, params);
  const name = title ?? t('calendar.name', { school: school?.name ?? '' });
  const text = writeCalendar(entries, {
    name,
    zone: school?.timeZone ?? 'UTC',
    origin: originOf(call),
    t,
  });
  // A program may keep it for itself and must ask each time whether it still stands.
  response.setHeader('Cache-Control', 'private, no-cache');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Robots-Tag', 'noindex');
  return raw(`${calendarType}; charset=utf-8`, text, {
    headers: {
      'Content-Disposition': contentDisposition(kind, `${title ?? t('calendar.file')}.ics`),
      ETag: `"${createHash('sha256').update(text).digest('base64url')}"`,
    },
  });
}

/** @param feedUrl the address just made, shown this once */
async function calendarPage(
  call: AnyCall,
  asked: { page: number; perPage: number },
  feedUrl: string | null = null,
): Promise<PageAnswer> {
  const { scope, actor, context, t } = call;
  const now = context.clock.now();
  const [entries, feed] = await Promise.all([
    gatherEntries(scope, actor, now),
    maySubscribe(actor) ? findFeedOf(scope, actor.personId) : null,
  ]);
  const ahead = entries.filter((entry) => entry.endsAt > now);
  const found = {
    items: ahead.slice((asked.page - 1) * asked.perPage, asked.page * asked.perPage).map(entryView),
    page: asked.page,
    pages: Math.max(1, Math.ceil(ahead.length / asked.perPage)),
    perPage: asked.perPage,
    total: ahead.length,
  };
  const view = { ...found, feed: feed ? feedView(feed) : null };
  const title = t('calendar.title');
  if (call.wantsJson) return page('calendar/calendar', view, { title });
  const shown = found.items.map((entry) => ({
    ...entry,
    title: t(`calendar.summary.${entry.as}`, { name: entry.studentName, exhibition: entry.exhibitionTitle }),
  }));
  return page(
    'calendar/calendar',
    {
      ...view,
      items: shown,
      subscribes: maySubscribe(actor),
      guest: isGuest(actor),
      feedUrl,
      addressWarning: feedUrl ? await addressWarning(call, 'feed') : null,
      webcal: feedUrl?.replace(/^https?:/, 'webcal:') ?? null,
      pager: pagerOf(found, '/calendar'),
    },
    { title, scripts: feedUrl ? ['copy'] : [] },
  );
}
