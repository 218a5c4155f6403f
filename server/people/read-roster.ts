/** Reads an uploaded roster: a OneRoster zip or one plain CSV, told apart by content and never by name. */
import { filesRead, readOneRoster, type ReadNeeds } from './read-oneroster.js';
import { readRosterCsv } from './read-roster-csv.js';
import { readRosterZip } from './read-roster-zip.js';
import { unreadable } from './read-table.js';
import type { Roster } from './roster.js';

/** @throws InvalidInput for `roster` when the file as a whole cannot be used */
export async function readRoster(file: { name: string; content: Buffer }, needs: ReadNeeds): Promise<Roster> {
  const { name, content } = file;
  if (content.length === 0) throw unreadable('people.import.problem.empty', { file: name });
  if (content.subarray(0, 2).toString('latin1') !== 'PK') return readRosterCsv(name, content, needs.answers);
  const files = await readRosterZip(content, (each) => filesRead.includes(each));
  if (files.size === 1 && !files.has('manifest.csv')) {
    const [[inner, bytes]] = [...files] as [[string, Buffer]];
    return readRosterCsv(inner, bytes, needs.answers);
  }
  return readOneRoster(files, needs);
}
