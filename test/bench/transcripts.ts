/**
 * How fast transcripts are issued, side by side in one run: the app's own path (facts → snapshot → HTML → PDF
 * → stored → issued), the bare renderer with the same HTML, a new page per PDF, and a new browser per PDF.
 * Prints a markdown table. `npm run bench transcripts [-- STUDENTS]`
 */
import os from 'node:os';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { readConfig } from '../../server/config.js';
import { openContext, type Context } from '../../server/context.js';
import { writeFontsConf } from '../../server/rendering/fonts.js';
import { paperInches, type PrintJob } from '../../server/rendering/printer.js';
import { getTerm } from '../../server/school/school-records.js';
import { issueTranscripts } from '../../server/transcript/issue-transcripts.js';
import type { TranscriptSnapshot } from '../../server/transcript/snapshot.js';
import { transcriptPrint } from '../../server/transcript/transcript-html.js';
import { findTranscript } from '../../server/transcript/transcript-records.js';
import { issueNeeds } from '../../server/transcript/transcripts-job.js';
import { aCohort, actorOf, type TestCohort } from '../harness/builders/transcript.js';
import type { TestApp } from '../harness/start-app.js';
import { aBenchSchool } from './bench-school.js';

const students = Number(process.argv[2] ?? 60);
const rounds = 3;
const cores = Math.min(8, os.availableParallelism());
const executablePath = process.env.BENCH_CHROMIUM!;
const dataDir = process.env.BENCH_DATA_DIR!;

async function openBench(): Promise<{ context: Context; app: TestApp }> {
  const context = await openContext(
    readConfig({
      DATA_DIR: dataDir,
      MONGOD_BINARY: process.env.BENCH_MONGOD,
      PUPPETEER_EXECUTABLE_PATH: executablePath,
      SAMPLE_SCHOOL: 'false',
      LOG_LEVEL: 'error',
    }),
  );
  const aSchool = () => aBenchSchool(context);
  return { context, app: { context, aSchool } as unknown as TestApp };
}

/** The app's own path for the whole cohort. Answers the ids of what it issued. */
async function appPath(context: Context, cohort: TestCohort): Promise<string[]> {
  const { home, registrar } = cohort;
  const ids: string[] = [];
  await issueTranscripts(
    { ...issueNeeds(context), publicAddress: 'http://vitrine.school.example' },
    home.scope,
    actorOf(registrar),
    {
      school: home.school,
      term: await getTerm(home.scope, home.termId),
      students: cohort.students,
      template: 'standard',
      jobId: null,
      again: true,
    },
    {
      issued: ({ transcript }) => void ids.push(transcript.id),
      failed: (_student, error) => {
        throw error;
      },
    },
  );
  return ids;
}

const pdfOptions = (job: PrintJob) => ({
  width: `${paperInches[job.pageSize].width}in`,
  height: `${paperInches[job.pageSize].height}in`,
  printBackground: true,
  tagged: true,
  outline: true,
});

async function launch(): Promise<Browser> {
  return puppeteer.launch({
    executablePath,
    headless: 'shell',
    pipe: true,
    args: ['--no-sandbox', '--font-render-hinting=none', '--disable-dev-shm-usage'],
    env: { ...process.env, FONTCONFIG_FILE: await writeFontsConf(dataDir) },
  });
}

/** Nothing but Chromium: as many kept pages as cores, the HTML ready in memory, the PDF thrown away. */
async function bareRenderer(pages: Page[], jobs: PrintJob[]): Promise<void> {
  const queue = [...jobs];
  await Promise.all(
    pages.map(async (page) => {
      const cdp = await page.createCDPSession();
      for (let job = queue.shift(); job; job = queue.shift()) {
        await page.setContent(job.html, { waitUntil: 'load' });
        const paper = paperInches[job.pageSize];
        const { data } = await cdp.send('Page.printToPDF', {
          paperWidth: paper.width,
          paperHeight: paper.height,
          printBackground: true,
          generateTaggedPDF: true,
          generateDocumentOutline: true,
        });
        Buffer.from(data, 'base64');
      }
      await cdp.detach();
    }),
  );
}

async function newPagePerPdf(browser: Browser, jobs: PrintJob[]): Promise<void> {
  for (const job of jobs) {
    const page = await browser.newPage();
    await page.setContent(job.html, { waitUntil: 'load' });
    await page.pdf(pdfOptions(job));
    await page.close();
  }
}

async function launchPerPdf(jobs: PrintJob[]): Promise<void> {
  for (const job of jobs) {
    const browser = await launch();
    await newPagePerPdf(browser, [job]);
    await browser.close();
  }
}

/** Milliseconds per PDF. */
async function timed(count: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / count;
}

const { context, app } = await openBench();
const browser = await launch();
try {
  const names = Array.from({ length: students }, (_, at) => `Amina Warsame Number ${at + 1}`);
  const cohort = await aCohort(app, { names });
  const warm = await appPath(context, cohort);
  const jobs: PrintJob[] = [];
  for (const id of warm) {
    const { snapshot } = (await findTranscript(cohort.home.scope, id))!;
    jobs.push(
      await transcriptPrint(context, JSON.parse(snapshot!) as TranscriptSnapshot, {
        template: 'standard',
        pageSize: 'letter',
      }),
    );
  }
  const pages = await Promise.all(Array.from({ length: cores }, () => browser.newPage()));
  await bareRenderer(pages, jobs);

  console.log(
    `${students} transcripts a round, ${cores} cores, Node ${process.version}, ${await browser.version()}\n`,
  );
  console.log(
    '| round | app path | bare renderer | new page per PDF | new browser per PDF | app : bare | × new page | × new browser |',
  );
  console.log('|---|---|---|---|---|---|---|---|');
  for (let round = 1; round <= rounds; round += 1) {
    const ours = await timed(students, () => appPath(context, cohort));
    const bare = await timed(students, () => bareRenderer(pages, jobs));
    const fresh = await timed(20, () => newPagePerPdf(browser, jobs.slice(0, 20)));
    const launched = await timed(4, () => launchPerPdf(jobs.slice(0, 4)));
    const shown = [ours, bare, fresh, launched].map((value) => `${value.toFixed(1)} ms`);
    const ratios = [
      `${((bare / ours) * 100).toFixed(0)} %`,
      (fresh / ours).toFixed(1),
      (launched / ours).toFixed(1),
    ];
    console.log(`| ${[round, ...shown, ...ratios].join(' | ')} |`);
  }
} finally {
  await browser.close();
  await context.close();
}
