import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { projectRoot } from '../../server/project-root.js';
import { chooseStudents } from '../../server/cli/choose-students.js';
import { savePersonChange } from '../../server/people/people-records.js';
import { listEnrolledStudents } from '../../server/people/read-enrollments.js';
import { listWithRecords } from '../../server/transcript/term-records.js';
import { aSnapshot } from '../harness/builders/portfolio.js';
import { aCohort, issueAll, type TestCohort } from '../harness/builders/transcript.js';
import { chromiumPath, temporaryFolder, testDatabaseUri } from '../harness/services.js';
import { startApp, type TestApp, withPublicAddress } from '../harness/start-app.js';
import { clockOfProcess } from '../harness/test-clock.js';

interface Counts {
  complete: number;
  issued: number;
  incomplete: number;
}

interface Report {
  written: number;
  issued: number;
  failed: unknown[];
  transcripts: { number: string; name: string; file: string; sha256: string }[];
}

let app: TestApp;
let cohort: TestCohort;
const folder = temporaryFolder();
beforeAll(async () => {
  app = await startApp({ ...withPublicAddress, dataDir: path.join(folder, 'data') });
  cohort = await aCohort(app, { names: ['Amina Warsame-Okonkwo', '=cmd|evil'] });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The program as the registrar's night runs it, beside the app that runs here. */
const transcripts = (...args: string[]) => transcriptsWith(withPublicAddress.environment, ...args);

async function transcriptsWith(
  environment: Record<string, string>,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = path.join(projectRoot, '.build/server/cli/transcripts.js');
  const env = {
    ...process.env,
    DATA_DIR: path.join(folder, 'data'),
    MONGODB_URI: testDatabaseUri(),
    SECRET_KEY: 'a-secret-for-tests-only-0123456789abcdef',
    PUPPETEER_EXECUTABLE_PATH: chromiumPath(),
    LOG_LEVEL: 'error',
    ...environment,
    ...clockOfProcess(),
  };
  delete (env as Record<string, string>)['MONGOD_BINARY'];
  return promisify(execFile)(process.execPath, [program, ...args], { env }).then(
    (done) => ({ code: 0, ...done }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

describe('npm run transcripts', () => {
  it('writes one PDF per student and an index, beside a running app, and a second night uses no new number', async () => {
    const out = path.join(folder, 'first');
    const first = await transcripts('--out', out, '--json');
    expect([first.code, first.stderr]).toEqual([0, '']);
    const report = JSON.parse(first.stdout) as Report;
    expect(report).toMatchObject({ written: 3, issued: 3, failed: [] });
    for (const { file, sha256 } of report.transcripts) {
      expect(
        createHash('sha256')
          .update(readFileSync(path.join(out, file)))
          .digest('hex'),
      ).toBe(sha256);
    }
    expect(readdirSync(out)).toHaveLength(4);
    const rows = parse(readFileSync(path.join(out, 'index.csv'), 'utf8'), { bom: true, columns: true }) as {
      name: string;
    }[];
    expect(rows.map((row) => row.name).sort()).toEqual([
      "'=cmd|evil",
      'Amina Warsame-Okonkwo',
      'Yonas Tesfaye',
    ]);

    const again = JSON.parse(
      (await transcripts('--out', path.join(folder, 'second'), '--json')).stdout,
    ) as Report;
    expect(again).toMatchObject({ written: 3, issued: 0 });
    expect(again.transcripts.map((each) => each.sha256)).toEqual(
      report.transcripts.map((each) => each.sha256),
    );
  });

  it('says what it would do, and does nothing', async () => {
    const out = path.join(folder, 'nothing');
    const school = ['--school', cohort.home.school.slug];
    const done = await transcripts('--out', out, ...school, '--dry-run', '--json');
    const { students } = JSON.parse(done.stdout) as {
      students: { name: string; missing: string[]; number: string | null }[];
    };
    expect(students.map(({ name }) => name).sort()).toEqual([
      '=cmd|evil',
      'Amina Warsame-Okonkwo',
      'Yonas Tesfaye',
    ]);
    expect(students.find(({ name }) => name === 'Yonas Tesfaye')!.missing).toContain('advisor-narrative');
    expect(students.find(({ name }) => name.startsWith('Amina'))!.missing).toEqual(['portfolio']);
    expect(existsSync(out)).toBe(false);
    const text = (await transcripts(...school, '--dry-run')).stdout;
    expect(text).toMatch(
      /3 transcripts would be written \(0 newly issued, 3 unchanged\), 0 of them complete\. Nothing was changed\./,
    );
    // Nobody is complete: nothing is written, and that is no failure.
    const none = await transcripts('--out', out, ...school, '--complete-only', '--json');
    expect([none.code, JSON.parse(none.stdout)]).toEqual([
      0,
      expect.objectContaining({
        written: 0,
        leftOut: expect.arrayContaining([
          expect.objectContaining({ name: 'Amina Warsame-Okonkwo', missing: ['portfolio'] }),
        ]),
      }),
    ]);
  });

  it('writes nothing with an address that works on this machine only, and says what to set', async () => {
    const out = path.join(folder, 'nowhere');
    const nowhere = { PUBLIC_URL: '' };
    const refused = await transcriptsWith(nowhere, '--out', out, '--json');
    expect([refused.code, refused.stdout, existsSync(out)]).toEqual([1, '', false]);
    expect(refused.stderr).toContain('Set PUBLIC_URL');
    const asked = await transcriptsWith(nowhere, '--dry-run', '--json');
    expect(JSON.parse(asked.stdout)).toMatchObject({ problem: expect.stringContaining('Set PUBLIC_URL') });
  });

  it('takes one student and says in a line what it did', async () => {
    const out = path.join(folder, 'one');
    const done = await transcripts(
      '--out',
      out,
      '--school',
      cohort.home.school.slug,
      '--student',
      cohort.students[0]!.id,
    );
    expect(done.code).toBe(0);
    expect(done.stdout).toMatch(/^1 transcripts? in /);
    expect(readdirSync(out).filter((name) => name.endsWith('.pdf'))).toHaveLength(1);
  });

  it('takes the student who is meant: by id, by the number of the school, by the id in the roster; never one of two', async () => {
    const { scope } = cohort.home;
    const [amina, other] = cohort.students;
    const all = await listEnrolledStudents(scope, cohort.home.termId, listWithRecords);
    const named = async (name: string) => (await chooseStudents(scope, all, [name])).map(({ id }) => id);
    expect(await chooseStudents(scope, all, [])).toEqual(all);
    await savePersonChange(scope, amina!.id, { sourcedId: '12', studentNumber: '90' });
    await savePersonChange(scope, other!.id, { sourcedId: '90', studentNumber: '12' });
    expect(await named('12')).toEqual([other!.id]);
    expect(await named('90')).toEqual([amina!.id]);
    expect(await named(amina!.id)).toEqual([amina!.id]);
    await savePersonChange(scope, cohort.otherStudent.id, { studentNumber: '12' });
    await expect(named('12')).rejects.toThrow(/several students: .*Yonas Tesfaye/);
    const refused = await transcripts('--school', cohort.home.school.slug, '--student', '12', '--dry-run');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('Yonas Tesfaye')]);
  });

  it.each([
    ['without a folder', [], '--out'],
    ['an unknown school', ['--out', 'x', '--school', 'nowhere'], 'nowhere'],
    ['an unknown term', ['--out', 'x', '--term', 'never'], 'never'],
    ['an unknown student', ['--out', 'x', '--student', 'nobody'], 'nobody'],
    ['an unknown option', ['--outt', 'x'], '--outt'],
  ])('a wrong call says what is wrong and ends with 2: %s', async (_name, args, said) => {
    const done = await transcripts(...args);
    expect(done.code).toBe(2);
    expect(done.stderr).toContain(said);
  });

  // Last: from here on there are two schools.
  it('counts as the page of the term does: whoever left, came without a record, was sealed or cannot be printed', async () => {
    const whole = await aCohort(app, {
      names: ['Amina Warsame', 'Ravi Menon', 'Lena \u{13000} Novak', 'Ada Gone'],
    });
    const { home } = whole;
    const [amina, ravi, lena, gone] = whole.students;
    for (const student of [amina, ravi, lena, gone]) await aSnapshot(app, home, { studentId: student!.id });
    await home.person({ name: 'Bea Fresh', roles: ['student'], grade: '9' });
    const sealed = await home.person({ name: 'Cleo Sealed', roles: ['student'], grade: '9' });
    await savePersonChange(home.scope, gone!.id, { active: false });
    await savePersonChange(home.scope, sealed.id, { active: false, sealedAt: app.context.clock.now() });
    const office = await whole.as('registrar');
    const address = `/terms/${home.termId}/transcripts`;
    await issueAll(whole, { studentIds: [ravi!.id, whole.otherStudent.id] });

    const page = (await office.get(address)).json<{ total: number; counts: Counts }>();
    const school = ['--school', home.school.slug];
    const preview = async (...args: string[]) =>
      JSON.parse((await transcripts(...school, '--dry-run', '--json', ...args)).stdout) as {
        counts: Counts;
        students: { name: string }[];
        leftOut: { name: string; missing: string[]; problem: string | null }[];
      };
    const dry = await preview();
    expect([dry.counts, dry.students.length]).toEqual([page.counts, page.total]);
    expect(page).toMatchObject({ total: 6, counts: { complete: 4, issued: 2, incomplete: 1 } });
    const line = 'Incomplete and not issued: 1.';
    expect((await transcripts(...school, '--dry-run')).stdout).toContain(`Complete: 4. Issued: 2. ${line}`);

    // What the button for the complete ones counts: the command writes them, but for the one that no font can print.
    const complete = await preview('--complete-only');
    expect(complete.counts).toEqual(page.counts);
    const unprintable = complete.leftOut.filter(({ missing }) => missing.length === 0);
    expect(unprintable).toEqual([expect.objectContaining({ problem: expect.stringContaining('U+13000') })]);
    expect(complete.students.length + unprintable.length).toBe(page.counts.complete);
    const done = await transcripts(
      ...school,
      '--complete-only',
      '--json',
      '--out',
      path.join(folder, 'complete'),
    );
    const report = JSON.parse(done.stdout) as Report & { leftOut: { name: string }[] };
    expect(report.transcripts.map(({ name }) => name).sort()).toEqual(
      complete.students.map(({ name }) => name).sort(),
    );
    expect(report.leftOut.map(({ name }) => name).sort()).toEqual(
      complete.leftOut.map(({ name }) => name).sort(),
    );
    const after = (await office.get(address)).json<{ counts: Counts }>().counts;
    expect([(await preview()).counts, after]).toEqual([after, { complete: 4, issued: 4, incomplete: 1 }]);
  }, 180_000);
});
