/** Tables of an exhibition for the office, as CSV files. */
import { z } from 'zod';
import { appendDownload } from '../audit/append-counted.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { getExhibition } from '../exhibitions/exhibition-records.js';
import { contentDisposition } from '../http/content-disposition.js';
import { idParams } from '../http/read-input.js';
import { page, raw, routes, type FeatureRoutes, type AnyCall } from '../http/route.js';
import { requirePermission } from '../people/person.js';
import type { Rubric, RubricRef } from '../rubrics/rubric.js';
import { writeCsv, type CsvTable } from './csv.js';
import { downloadKinds, mayDownload, type DownloadKind } from './download.js';
import { seatsTable, slotsTable } from './day-tables.js';
import { countOpenStands, gatherDay, openTo, resultsOf, sheetsOf, visitsOf, type Day } from './gather-day.js';
import { resultsTable, visitsTable } from './result-tables.js';
import type { TableWords } from './table-parts.js';
import { commentsTable, scoresTable } from './voice-tables.js';

const office = ['registrar', 'admin'] as const;

export const downloadRoutes: FeatureRoutes = routes('downloads');

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
      leftOut: z
        .object({ waiting: z.number(), handedOver: z.number(), openStands: z.number() })
        .describe(
          'Presentations on whose panel the reader still sits, students handed over to another school, stands whose scores nobody sees yet',
        ),
    }),
  },
  async (call) => {
    const { scope, actor, params, t } = call;
    requirePermission(mayDownload(actor));
    const exhibition = await getExhibition(scope, params.id);
    const { id, title } = exhibition;
    const files = downloadKinds.map((kind) => ({ kind, href: `/exhibitions/${id}/downloads/${kind}.csv` }));
    return page(
      'downloads/downloads',
      { id, title, files, leftOut: await leftOut(call, exhibition) },
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
      requirePermission(mayDownload(actor));
      const exhibition = await getExhibition(scope, params.id);
      const day = await gatherDay(scope, exhibition);
      const table = await tableOf(call, day, kind);
      const name = `${exhibition.title} ${call.t(`downloads.file.${kind}`)}.csv`;
      const subject = { kind: 'exhibition', id: exhibition.id };
      await appendDownload(scope, context.clock, actor, 'downloads.table', subject, { table: kind });
      return raw('text/csv; charset=utf-8', writeCsv(table), {
        headers: { 'Content-Disposition': contentDisposition('attachment', name) },
      });
    },
  );

/** What the tables do not tell this reader, so that nobody takes them for the whole day. */
async function leftOut(call: AnyCall, exhibition: Exhibition) {
  const day = await gatherDay(call.scope, exhibition);
  const { open, waiting, handedOver } = await openTo(needsOf(call), call.actor, day);
  const openStands = await countOpenStands(needsOf(call), day, call.timeZone, open);
  return { waiting, handedOver, openStands };
}

const needsOf = ({ scope, context }: Pick<AnyCall, 'scope' | 'context'>) => ({
  scope,
  rubrics: context.rubrics,
  now: context.clock.now(),
});

async function tableOf(call: AnyCall, day: Day, kind: DownloadKind): Promise<CsvTable> {
  const { scope, actor } = call;
  const words = (found: readonly { rubric: RubricRef }[] = []) =>
    wordsOf(
      call,
      found.map(({ rubric }) => rubric.hash),
    );
  if (kind === 'slots') return slotsTable(await words(), day);
  if (kind === 'seats') return seatsTable(await words(), day);
  const { open } = await openTo(needsOf(call), actor, day);
  switch (kind) {
    case 'results': {
      const found = await resultsOf(scope, open);
      return resultsTable(await words(found.flatMap(({ results }) => results)), day, found);
    }
    case 'visits': {
      const found = await visitsOf(needsOf(call), day, call.timeZone, open);
      return visitsTable(await words(found.flatMap(({ visits }) => visits)), day, found);
    }
    default: {
      const found = await sheetsOf(scope, open);
      const known = await words(found.flatMap(({ sheets }) => sheets));
      return (kind === 'scores' ? scoresTable : commentsTable)(known, day, found);
    }
  }
}

async function wordsOf({ context, t, timeZone }: AnyCall, hashes: readonly string[]): Promise<TableWords> {
  const known = new Map<string, Rubric | null>();
  for (const hash of new Set(hashes)) known.set(hash, await context.rubrics.byHash(hash));
  return { t, timeZone, rubricOf: (hash) => known.get(hash) ?? null };
}
