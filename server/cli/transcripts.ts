/**
 * The registrar's nightly script: `npm run transcripts -- --out DIR`; `--help` names its options. Writes one
 * PDF per student and index.csv. Where nothing has changed since the last transcript, that one is written out
 * and no new number is used. Works beside a running server and without one. Exit code: 0 all written, 1 some
 * failed, 2 wrong call.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { stringify } from 'csv-stringify/sync';
import { scriptActor } from '../access/actor.js';
import { readConfig } from '../config.js';
import { openContext, type Context } from '../context.js';
import type { SchoolScope } from '../db/database.js';
import { explainProblem } from '../explain-problem.js';
import { createTexts } from '../rendering/texts.js';
import { listEnrolledStudents } from '../people/read-enrollments.js';
import type { Person } from '../people/person.js';
import type { School, Term } from '../school/school.js';
import { findSchoolBySlug, findTerm, findTermBySlug, listSchools } from '../school/school-records.js';
import { CannotPrint } from '../transcript/cannot-print.js';
import { issueTranscripts, type Issued } from '../transcript/issue-transcripts.js';
import { fileName } from '../transcript/transcript.js';
import type { Gap } from '../transcript/preflight.js';
import { listWithRecords } from '../transcript/term-records.js';
import { issueNeeds, standardTemplate } from '../transcript/transcripts-job.js';
import { checkVerifyAddress, hasVerifyAddress, verifyAddressOf } from '../transcript/verify-address.js';
import { chooseStudents, WrongCall } from './choose-students.js';
import { printHelp } from './print-help.js';
import {
  countPreviewed,
  isComplete,
  previewText,
  previewTranscripts,
  type PreviewedTranscript,
} from './preview-transcripts.js';
import { progressLine } from './progress-line.js';
import { loadSampleSchool } from '../sample-school/load-sample-school.js';
import { sampleSchoolWanted } from '../sample-school/sample-wanted.js';

interface Wanted {
  out: string;
  school: string | null;
  term: string | null;
  students: string[];
  again: boolean;
  completeOnly: boolean;
  dryRun: boolean;
  json: boolean;
}

type LeftOutLine = Pick<PreviewedTranscript, 'studentId' | 'name' | 'missing' | 'problem'>;

interface Line {
  number: string;
  code: string;
  studentId: string;
  name: string;
  file: string;
  bytes: number;
  sha256: string;
  fresh: boolean;
}

const usage = `npm run transcripts -- --out DIR [--school SLUG] [--term SLUG] [--student ID]… [--complete-only] [--again] [--dry-run] [--json]
Writes one PDF for each student of the term, and index.csv. An unchanged transcript is written again as it is and keeps its number.
--out      folder for the files
--school   needed where there are several schools
--term     the current term when left out
--student  id, student number or roster id, in this order; also of somebody who has left; everybody enrolled in the term when left out
--complete-only  leaves out whoever lacks a portfolio, a result or a narrative, or has letters that cannot be printed, and names them
--dry-run  says for whom a transcript would be written, which are unchanged and what is missing, and writes nothing
--again    issues a new transcript for everybody, also where nothing has changed; the earlier one is superseded
--json     prints one JSON object`;

function readWanted(args: string[]): Wanted {
  try {
    const { values } = parseArgs({
      args,
      options: {
        out: { type: 'string' },
        school: { type: 'string' },
        term: { type: 'string' },
        student: { type: 'string', multiple: true },
        again: { type: 'boolean', default: false },
        'complete-only': { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const dryRun = values['dry-run'];
    if (!values.out && !dryRun) throw new WrongCall('--out DIR is missing');
    const { out = '.', school = null, term = null, student: students = [], again, json } = values;
    const completeOnly = values['complete-only'];
    return { out: path.resolve(out), school, term, students, again, completeOnly, dryRun, json };
  } catch (error) {
    if (error instanceof WrongCall) throw error;
    throw new WrongCall(error instanceof Error ? error.message : String(error));
  }
}

async function chooseSchool(context: Context, slug: string | null): Promise<School> {
  if (slug) {
    const school = await findSchoolBySlug(context.db, slug);
    if (!school) throw new WrongCall(`there is no school "${slug}"`);
    return school;
  }
  const { items, total } = await listSchools(context.db, 1, 20);
  if (total === 1) return items[0]!;
  if (total === 0)
    throw new WrongCall('there is no school yet: start the server once, or run npm run sample');
  throw new WrongCall(
    `there are ${total} schools, choose with --school: ${items.map((each) => each.slug).join(', ')}`,
  );
}

async function chooseTerm(scope: SchoolScope, school: School, slug: string | null): Promise<Term> {
  const term = slug
    ? await findTermBySlug(scope, slug)
    : school.currentTermId && (await findTerm(scope, school.currentTermId));
  if (!term)
    throw new WrongCall(
      slug ? `there is no term "${slug}"` : 'the school has no current term, choose with --term',
    );
  return term;
}

/** Copies the stored PDF under a name of its own; a file is there whole or not at all. */
async function writeOut(
  context: Context,
  out: string,
  { student, transcript, fresh }: Issued,
): Promise<Line> {
  const { pdf, number, code } = transcript;
  if (!pdf) throw new Error(`Transcript ${number} has no PDF`);
  const file = fileName(transcript);
  const target = path.join(out, file);
  await pipeline(await context.storage.read(pdf.key), createWriteStream(`${target}.part`));
  await rename(`${target}.part`, target);
  return {
    number,
    code,
    studentId: student.id,
    name: student.displayName,
    file,
    bytes: pdf.bytes,
    sha256: pdf.sha256,
    fresh,
  };
}

async function run(wanted: Wanted): Promise<number> {
  const config = readConfig();
  const context = await openContext(config, { mode: 'tool' });
  try {
    // A fresh clone: the same sample school that the server would load.
    if (await sampleSchoolWanted(context)) await loadSampleSchool(context);
    const school = await chooseSchool(context, wanted.school);
    const scope: SchoolScope = { db: context.db, schoolId: school.id };
    const term = await chooseTerm(scope, school, wanted.term);
    const chosen = await chooseStudents(
      scope,
      await listEnrolledStudents(scope, term.id, listWithRecords),
      wanted.students,
    );
    const words = (gap: Gap) => context.texts.t(school.locale, `transcript.gap.${gap}`);
    const actor = scriptActor(scope, context.texts.t(school.locale, 'transcript.office'));
    const needs = issueNeeds(context);
    const order = { school, term, students: chosen, again: wanted.again };
    const leftOut: LeftOutLine[] = [];
    const tellLeftOut = (): void => {
      for (const { name, missing, problem } of wanted.json ? [] : leftOut)
        console.error(`left out: ${name}: ${problem ?? `missing ${missing.map(words).join(', ')}`}`);
    };
    const address = verifyAddressOf(config);
    if (wanted.dryRun) {
      const seen = await previewTranscripts(needs, scope, order, actor.name);
      const isWritten = (each: PreviewedTranscript) => !wanted.completeOnly || isComplete(each);
      const found = seen.filter(isWritten);
      for (const { studentId, name, missing, problem } of seen.filter((each) => !isWritten(each)))
        leftOut.push({ studentId, name, missing, problem });
      tellLeftOut();
      const canIssue = await hasVerifyAddress(scope, address);
      const problem = canIssue
        ? null
        : context.texts.t(school.locale, 'transcript.problem.public-url', { address });
      const counts = countPreviewed(seen);
      const facts = { school: school.slug, term: term.slug, counts, students: found, leftOut, problem };
      console.log(wanted.json ? JSON.stringify(facts) : previewText(found, seen, words));
      if (problem && !wanted.json) console.error(problem);
      return 0;
    }
    await checkVerifyAddress(scope, address);
    await mkdir(wanted.out, { recursive: true });
    const lines: Line[] = [];
    const failed: { studentId: string; name: string; problem: string }[] = [];
    const bar = progressLine(process.stderr, chosen.length, !wanted.json);
    const said = ({ key, params }: CannotPrint) => context.texts.t(school.locale, key, params);
    const fail = (student: Person, error: unknown) => {
      const problem = error instanceof CannotPrint ? said(error) : String(error);
      failed.push({ studentId: student.id, name: student.displayName, problem });
      bar.step();
    };
    const started = performance.now();
    // Ctrl-C: what is at hand is finished, so that nothing is left half issued.
    const stop = new AbortController();
    process.once('SIGINT', () => stop.abort());
    process.once('SIGTERM', () => stop.abort());
    await issueTranscripts(
      needs,
      scope,
      actor,
      { ...order, template: standardTemplate, jobId: null, completeOnly: wanted.completeOnly },
      {
        issued: async (done) => {
          try {
            lines.push(await writeOut(context, wanted.out, done));
            bar.step();
          } catch (error) {
            fail(done.student, error);
          }
        },
        failed: fail,
        leftOut: ({ student: { id, displayName }, missing, problem }) => {
          leftOut.push({ studentId: id, name: displayName, missing, problem: problem && said(problem) });
          bar.step();
        },
        signal: stop.signal,
      },
    );
    bar.end();
    tellLeftOut();
    lines.sort((a, b) => a.number.localeCompare(b.number));
    await writeFile(
      path.join(wanted.out, 'index.csv'),
      stringify(lines, {
        cast: { boolean: (value) => String(value) },
        header: true,
        bom: true,
        escape_formulas: true,
      }),
    );
    const seconds = (performance.now() - started) / 1000;
    report(wanted, { school: school.slug, term: term.slug, seconds, lines, failed, leftOut });
    return lines.length + leftOut.length < chosen.length ? 1 : 0;
  } finally {
    await context.close();
  }
}

function report(
  { json, out }: Wanted,
  done: {
    school: string;
    term: string;
    seconds: number;
    lines: Line[];
    failed: { studentId: string; name: string; problem: string }[];
    leftOut: LeftOutLine[];
  },
): void {
  const { lines, failed, ...rest } = done;
  if (json) {
    console.log(
      JSON.stringify({
        ...rest,
        out,
        written: lines.length,
        issued: lines.filter((line) => line.fresh).length,
        failed,
        transcripts: lines,
      }),
    );
    return;
  }
  const issued = lines.filter((line) => line.fresh).length;
  console.log(
    `${lines.length} transcripts in ${out} (${issued} newly issued, ${lines.length - issued} unchanged), ${done.seconds.toFixed(1)} s`,
  );
  for (const { name, problem } of failed) console.error(`failed: ${name}: ${problem}`);
}

try {
  if (!printHelp(usage)) process.exitCode = await run(readWanted(process.argv.slice(2)));
} catch (error) {
  if (error instanceof WrongCall) console.error(`${error.message}\n${usage}`);
  else console.error(explainProblem(error, createTexts()) ?? error);
  process.exitCode = error instanceof WrongCall ? 2 : 1;
}
