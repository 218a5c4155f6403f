/** Tables of an exhibition for the office, as CSV files. */
import { z } from 'zod';
import { getExhibition } from '../exhibition/exhibition-records.js';
import { contentDisposition } from '../http/content-disposition.js';
import { idParams } from '../http/read-input.js';
import { page, raw, routes, type Call, type RoomRoutes } from '../http/route.js';
import { permit } from '../people/person.js';
import type { Rubric } from '../rubrics/rubric.js';
import { writeCsv, type Table } from './csv.js';
import { downloadKinds, mayDownload, type DownloadKind } from './download.js';
import { gatherDay, openTo, resultsOf, sheetsOf, visitsOf, type Day } from './gather-day.js';
import {
  commentsTable,
  resultsTable,
  scoresTable,
  seatsTable,
  slotsTable,
  visitsTable,
  type Words,
} from './tables.js';

const office = ['registrar', 'admin'] as const;

export const downloadRoutes: RoomRoutes = routes('downloads');

downloadRoutes.get(
  '/exhibitions/:id/downloads',
  {
    summary: 'The tables of an exhibition that can be downloaded',
    who: office,
    params: idParams,
    answer: z.object({
      id: z.string(),
      title: z.string(),
      files: z.array(z.object({ kind: z.enum(downloadKinds), href: z.string() })),
    }),
  },
  async ({ scope, actor, params, t }) => {
    permit(mayDownload(actor));
    const { id, title } = await getExhibition(scope, params.id);
    const files = downloadKinds.map((kind) => ({ kind, href: `/exhibitions/${id}/downloads/${kind}.csv` }));
    return page(
      'downloads/downloads',
      { id, title, files },
      {
        title: t('downloads.title'),
        crumbs: [
          { href: '/exhibitions', label: t('exhibition.list.title') },
          { href: `/exhibitions/${id}`, label: title },
        ],
      },
    );
  },
);

for (const kind of downloadKinds)
  downloadRoutes.get(
    `/exhibitions/:id/downloads/${kind}.csv`,
    {
      summary: `The ${kind} of an exhibition as CSV; text that a spreadsheet would calculate begins with an apostrophe`,
      who: office,
      params: idParams,
      answerType: 'text/csv',
    },
    async (call) => {
      const { scope, actor, params, context } = call;
      permit(mayDownload(actor));
      const exhibition = await getExhibition(scope, params.id);
      const day = await gatherDay(scope, exhibition);
      const table = await tableOf(call as unknown as AnyCall, day, kind);
      const name = `${exhibition.title} ${call.t(`downloads.file.${kind}`)}.csv`;
      context.log.info({ exhibitionId: exhibition.id, kind, rows: table.rows.length }, 'table downloaded');
      return raw('text/csv; charset=utf-8', writeCsv(table), {
        headers: { 'Content-Disposition': contentDisposition('attachment', name) },
      });
    },
  );

type AnyCall = Call<unknown, unknown, unknown>;

async function tableOf(call: AnyCall, day: Day, kind: DownloadKind): Promise<Table> {
  const { scope, actor } = call;
  const words = (hashes: readonly string[]) => wordsOf(call, hashes);
  const open = openTo(actor, day);
  switch (kind) {
    case 'slots':
      return slotsTable(await words([]), day);
    case 'seats':
      return seatsTable(await words([]), day);
    case 'results': {
      const results = await resultsOf(scope, open);
      const hashes = results.flatMap(({ found }) => found.map(({ rubric }) => rubric.hash));
      return resultsTable(await words(hashes), day, results);
    }
    case 'visits': {
      const visits = await visitsOf(scope, open);
      const hashes = visits.flatMap(({ found }) => found.map(({ rubric }) => rubric.hash));
      return visitsTable(await words(hashes), day, visits);
    }
    default: {
      const sheets = await sheetsOf(scope, open);
      const hashes = sheets.flatMap(({ found }) => found.map(({ rubric }) => rubric.hash));
      return (kind === 'scores' ? scoresTable : commentsTable)(await words(hashes), day, sheets);
    }
  }
}

async function wordsOf({ context, t, timeZone }: AnyCall, hashes: readonly string[]): Promise<Words> {
  const known = new Map<string, Rubric | null>();
  for (const hash of new Set(hashes)) known.set(hash, await context.rubrics.byHash(hash));
  return { t, timeZone, rubricOf: (hash) => known.get(hash) ?? null };
}
