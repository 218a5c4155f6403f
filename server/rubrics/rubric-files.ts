/** Reads the rubric files that teachers edit. Every file is checked; all problems of all files are told at once. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseRubric, RubricProblems, type Rubric } from './rubric.js';

/** The description of the file format for editors; it stands beside the rubrics and is none itself. */
const RUBRIC_SCHEMA_FILE = 'rubric.schema.json';

function parseFile(name: string, text: string): Rubric {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new RubricProblems(name, [`not valid JSON: ${(error as Error).message}`]);
  }
  const rubric = parseRubric(content, name);
  if (`${rubric.slug}.json` !== name) {
    throw new RubricProblems(name, [
      `slug: it is "${rubric.slug}", so the file must be called ${rubric.slug}.json`,
    ]);
  }
  return rubric;
}

/**
 * All rubrics of a folder, sorted by title.
 * @throws RubricProblems naming every faulty file and every problem in it
 */
export async function readRubricFiles(folder: string): Promise<Rubric[]> {
  const names = (await readdir(folder)).filter(
    (name) => name.endsWith('.json') && name !== RUBRIC_SCHEMA_FILE,
  );
  const rubrics: Rubric[] = [];
  const faulty: RubricProblems[] = [];
  for (const name of names.sort()) {
    try {
      rubrics.push(parseFile(name, await readFile(path.join(folder, name), 'utf8')));
    } catch (error) {
      if (!(error instanceof RubricProblems)) throw error;
      faulty.push(error);
    }
  }
  if (faulty.length === 1 && faulty[0]) throw faulty[0];
  if (faulty.length > 1) {
    throw new RubricProblems(
      'rubrics',
      faulty.flatMap((one) => one.problems.map((problem) => `${one.source}: ${problem}`)),
    );
  }
  return rubrics.sort((a, b) => a.title.localeCompare(b.title, 'en'));
}
