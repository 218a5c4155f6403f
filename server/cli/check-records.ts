/**
 * `npm run check-records -- [--school SLUG] [--no-files] [--json]`: whether everything that may never change still is what it was.
 * Reads only; works beside a running server and without one. Exit code: 0 all holds, 1 something does not, 2 wrong call.
 */
import { parseArgs } from 'node:util';
import { readConfig } from '../config.js';
import { openContext, type Context } from '../context.js';
import { explainProblem } from '../explain-problem.js';
import { createTexts } from '../rendering/texts.js';
import type { School } from '../school/school.js';
import { findSchoolBySlug, listSchools } from '../school/school-records.js';
import { checkSchool, kinds, type Kind, type RecordProblem } from './check-school.js';

class WrongCall extends Error {}

interface Wanted {
  school: string | null;
  files: boolean;
  json: boolean;
}

const usage = 'npm run check-records -- [--school SLUG] [--no-files] [--json]';

function readWanted(args: string[]): Wanted {
  try {
    const { values } = parseArgs({
      args,
      options: {
        school: { type: 'string' },
        'no-files': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    return { school: values.school ?? null, files: !values['no-files'], json: values.json };
  } catch (error) {
    throw new WrongCall(error instanceof Error ? error.message : String(error));
  }
}

async function* schoolsOf({ db }: Context, slug: string | null): AsyncGenerator<School> {
  if (slug) {
    const school = await findSchoolBySlug(db, slug);
    if (!school) throw new WrongCall(`there is no school "${slug}"`);
    yield school;
    return;
  }
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const found = await listSchools(db, page, 100);
    pages = found.pages;
    yield* found.items;
  }
}

async function run({ school: slug, files, json }: Wanted): Promise<number> {
  const context = await openContext(readConfig(), { mode: 'tool' });
  try {
    const checked = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
    const problems: (RecordProblem & { school: string })[] = [];
    let schools = 0;
    for await (const school of schoolsOf(context, slug)) {
      const scope = { db: context.db, schoolId: school.id };
      const found = await checkSchool({ storage: context.storage, files }, scope);
      schools += 1;
      for (const kind of kinds) checked[kind] += found.checked[kind];
      problems.push(...found.problems.map((problem) => ({ school: school.slug, ...problem })));
      if (!json)
        for (const { kind, id, problem } of found.problems)
          console.error(`${school.slug}: ${kind} ${id}: ${problem}`);
    }
    if (json) console.log(JSON.stringify({ holds: problems.length === 0, schools, checked, problems }));
    else {
      const counts = kinds.map((kind) => `${kind} ${checked[kind]}`).join(', ');
      console.log(
        `${problems.length === 0 ? 'Everything holds' : `${problems.length} do not hold`} in ${schools} schools: ${counts}`,
      );
    }
    return problems.length === 0 ? 0 : 1;
  } finally {
    await context.close();
  }
}

try {
  process.exitCode = await run(readWanted(process.argv.slice(2)));
} catch (error) {
  if (error instanceof WrongCall) console.error(`${error.message}\n${usage}`);
  else console.error(explainProblem(error, createTexts()) ?? error);
  process.exitCode = error instanceof WrongCall ? 2 : 1;
}
