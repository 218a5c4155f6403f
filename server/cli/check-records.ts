/**
 * `npm run check-records -- [--school SLUG] [--no-files] [--json] [--anchors FILE] [--export-anchors FILE]`:
 * whether everything that may never change still is what it was. Reads only; works beside a running server
 * and without one. Exit code: 0 all holds, 1 something does not, 2 wrong call.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { installationChain } from '../access/account-audit.js';
import { anchorText, listAnchors, readAnchorLines, type Anchor } from '../audit/audit-anchors.js';
import { readConfig } from '../config.js';
import { openContext, type Context } from '../context.js';
import { isDuplicate } from '../db/database.js';
import { explainProblem } from '../explain-problem.js';
import { createTexts } from '../rendering/texts.js';
import { findSchoolBySlug, listNetworkIds, listSchools } from '../school/school-records.js';
import { printHelp } from './print-help.js';
import { checkSchool, checkedKinds, type Kind, type RecordProblem } from './check-school.js';

class WrongCall extends Error {}

interface Wanted {
  school: string | null;
  files: boolean;
  json: boolean;
  /** Lines that were exported earlier and kept elsewhere. */
  anchors: readonly (Anchor | null)[];
  exportTo: string | null;
}

const usage = `npm run check-records -- [--school SLUG] [--no-files] [--json] [--anchors FILE] [--export-anchors FILE]
Checks that everything that may never change is still what it was. Reads only.
--school          one school; all of them when left out
--no-files        leaves out the bytes of stored files
--anchors         compares with anchors that were exported earlier
--export-anchors  writes the anchors to a file
--json            prints one JSON object`;

function readWanted(args: string[]): Wanted {
  try {
    const { values } = parseArgs({
      args,
      options: {
        school: { type: 'string' },
        'no-files': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        anchors: { type: 'string' },
        'export-anchors': { type: 'string' },
      },
    });
    return {
      ...{ school: values.school ?? null, files: !values['no-files'], json: values.json },
      anchors: values.anchors ? readAnchorLines(readFileSync(values.anchors, 'utf8')) : [],
      exportTo: values['export-anchors'] ?? null,
    };
  } catch (error) {
    throw new WrongCall(error instanceof Error ? error.message : String(error));
  }
}

/** Whose chain it is, and how it is called in what is said. */
interface Owner {
  id: string;
  slug: string;
  isSchool: boolean;
}

/** All schools, then the chains of what belongs to none: sign-ins of a network's staff and of unknown people. */
async function* ownersOf({ db }: Context, slug: string | null): AsyncGenerator<Owner> {
  if (slug) {
    const school = await findSchoolBySlug(db, slug);
    if (!school) throw new WrongCall(`there is no school "${slug}"`);
    yield { id: school.id, slug: school.slug, isSchool: true };
    return;
  }
  for (let page = 1, pages = 1; page <= pages; page += 1) {
    const found = await listSchools(db, page, 100);
    pages = found.pages;
    for (const school of found.items) yield { id: school.id, slug: school.slug, isSchool: true };
  }
  for (const id of [...(await listNetworkIds(db)), installationChain])
    yield { id, slug: id === installationChain ? id : `network ${id}`, isSchool: false };
}

async function run({ school: slug, files, json, anchors, exportTo }: Wanted): Promise<number> {
  const context = await openContext(readConfig(), { mode: 'tool' });
  try {
    const checked = Object.fromEntries(checkedKinds.map((kind) => [kind, 0])) as Record<Kind, number>;
    const problems: (RecordProblem & { school: string })[] = [];
    let schools = 0;
    if (exportTo) writeFileSync(exportTo, '', { mode: 0o600 });
    for await (const school of ownersOf(context, slug)) {
      const scope = { db: context.db, schoolId: school.id };
      const kept = await listAnchors(context.anchorFiles, school.id);
      const progress = json ? () => undefined : progressOf(school.slug);
      const needs = {
        ...{ storage: context.storage, files, anchors: [...kept, ...anchors], progress },
        mayBeEmpty: !school.isSchool,
      };
      const found = await checkSchool(needs, scope);
      if (exportTo) appendFileSync(exportTo, anchorText(kept));
      if (school.isSchool) schools += 1;
      for (const kind of checkedKinds) checked[kind] += found.checked[kind];
      problems.push(...found.problems.map((problem) => ({ school: school.slug, ...problem })));
      if (!json)
        for (const { kind, id, problem } of found.problems)
          console.error(`${school.slug}: ${kind} ${id}: ${problem}`);
    }
    if (json) console.log(JSON.stringify({ holds: problems.length === 0, schools, checked, problems }));
    else {
      const counts = checkedKinds.map((kind) => `${kind} ${checked[kind]}`).join(', ');
      console.log(
        `${problems.length === 0 ? 'Everything holds' : `${problems.length} do not hold`} in ${schools} ${schools === 1 ? 'school' : 'schools'}: ${counts}`,
      );
    }
    return problems.length === 0 ? 0 : 1;
  } finally {
    await context.close();
  }
}

/** A line now and then, so that nobody takes hours of reading for a program that hangs. */
function progressOf(slug: string): (checked: number) => void {
  let told = performance.now();
  return (checked) => {
    if (performance.now() - told < 5000) return;
    told = performance.now();
    console.error(`${slug}: ${checked} looked at …`);
  };
}

try {
  if (!printHelp(usage)) process.exitCode = await run(readWanted(process.argv.slice(2)));
} catch (error) {
  if (error instanceof WrongCall) console.error(`${error.message}\n${usage}`);
  else {
    const duplicate = isDuplicate(error)
      ? `The database holds two records where there must be one, so an index cannot be made: ${(error as Error).message}`
      : null;
    console.error(explainProblem(error, createTexts()) ?? duplicate ?? error);
  }
  process.exitCode = error instanceof WrongCall ? 2 : 1;
}
