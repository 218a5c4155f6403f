/** When people can come, brought in as a table by the office. */
import multer from 'multer';
import { z } from 'zod';
import { InvalidInput } from '../errors.js';
import { formReader } from '../http/form-reader.js';
import { done, page, routes, type Call, type PageAnswer, type FeatureRoutes } from '../http/route.js';
import { importHours, type HoursPorts } from './import-hours.js';
import { hoursColumns } from './read-hours-csv.js';
import { dateOrders } from './typed-hours.js';

const runners = ['registrar', 'admin'] as const;
const MAX_HOURS_MEGABYTES = 2;
const receive = formReader({
  storage: multer.memoryStorage(),
  defParamCharset: 'utf8',
  limits: { fileSize: MAX_HOURS_MEGABYTES * 1024 * 1024, files: 1, fields: 4, fieldSize: 10_000 },
}).single('file');

const hoursPage = (call: Pick<Call, 't'>): PageAnswer =>
  page(
    'people/hours',
    {
      columns: Object.keys(hoursColumns),
      dateOrders: dateOrders.map((value) => ({ value, label: call.t(`people.hours.date-order.${value}`) })),
    },
    {
      title: call.t('people.hours.title'),
      crumbs: [{ href: '/people', label: call.t('people.people.title') }],
    },
  );

/** @param ports what is planned, of the exhibitions' own feature */
export function makeHoursRoutes(ports: HoursPorts): FeatureRoutes {
  const router = routes('people');
  router.get(
    '/people/hours',
    {
      summary: 'The form for a table of hours',
      who: runners,
      answer: z.object({ columns: z.array(z.string()) }),
    },
    async (call) => hoursPage(call),
  );

  router.post(
    '/people/hours',
    {
      summary:
        'Take over from a CSV (`file`) when people can come: all of it, or nothing with the rows that are wrong',
      who: runners,
      token: 'people:import',
      files: () => receive,
      fileFields: { file: { takes: 'A CSV file with people and their hours' } },
      body: z.object({
        dateOrder: z.preprocess((value) => (value === '' ? undefined : value), z.enum(dateOrders).optional()),
      }),
      answer: z.object({ people: z.number(), changed: z.number() }),
      again: async (call) => hoursPage(call),
    },
    async (call) => {
      const { file } = call.request;
      if (!file) throw new InvalidInput([{ field: 'file', message: 'people.hours.problem.no-file' }]);
      const { scope, actor, context } = call;
      const order = call.body.dateOrder ?? null;
      const content = {
        name: file.originalname.slice(-200),
        content: file.buffer,
        order,
        zone: call.timeZone,
      };
      const outcome = await importHours(context, scope, actor, content, ports);
      return done('/people', outcome, { notice: 'people.hours.done', noticeParams: outcome });
    },
  );

  return router;
}
