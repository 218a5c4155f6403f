/**
 * Walks over everything of a school that may never change and says what no longer is what it was: the audit chain, sealed
 * sheets, submitted portfolios, results, signed narratives, transcripts, and the bytes of every stored file. Changes nothing.
 */
import { createHash } from 'node:crypto';
import { listVersionsAfter as listWorksAfter } from '../artifacts/artifact-records.js';
import type { ArtifactVersion } from '../artifacts/artifact.js';
import type { AuditEntry } from '../audit/audit-records.js';
import { findBrokenEntry } from '../audit/append-audit.js';
import type { SchoolScope } from '../database.js';
import { listVersionsAfter as listSignedAfter } from '../narratives/narrative-records.js';
import { signatureHolds } from '../narratives/narrative.js';
import { listSnapshotsAfter } from '../portfolio/portfolio-records.js';
import { snapshotHolds as portfolioHolds } from '../portfolio/portfolio.js';
import { listResultsAfter } from '../results/result-records.js';
import { resultHolds } from '../results/result.js';
import { sealHolds } from '../scores/score-sheet.js';
import { listSealedAfter } from '../scores/score-sheet-records.js';
import { FileMissing, type Storage } from '../../storage/storage.js';
import { listTranscriptsAfter } from '../transcript/transcript-records.js';
import { snapshotHolds as transcriptHolds, wasIssued } from '../transcript/transcript.js';

export const kinds = [
  'audit entry',
  'score sheet',
  'result',
  'portfolio',
  'narrative',
  'transcript',
  'work',
  'file',
] as const;
export type Kind = (typeof kinds)[number];

export interface RecordProblem {
  kind: Kind;
  /** Id of the record, number of the audit entry, or storage key of the file. */
  id: string;
  problem: string;
}

export interface SchoolCheck {
  checked: Record<Kind, number>;
  problems: RecordProblem[];
}

const batch = 200;

/** @param files whether to read the bytes of every file as well, which takes as long as copying them */
export async function checkSchool(
  { storage, files }: { storage: Storage; files: boolean },
  scope: SchoolScope,
): Promise<SchoolCheck> {
  const checked = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>;
  const problems: RecordProblem[] = [];
  const say = (kind: Kind, id: string, problem: string) => problems.push({ kind, id, problem });

  async function walk<T extends { id: string }>(
    kind: Kind,
    list: (scope: SchoolScope, after: string, limit: number) => Promise<T[]>,
    check: (one: T) => Promise<void> | void,
  ): Promise<void> {
    for (let after = ''; ;) {
      const found = await list(scope, after, batch);
      for (const one of found) {
        checked[kind] += 1;
        await check(one);
      }
      const last = found.at(-1);
      if (!last || found.length < batch) return;
      after = last.id;
    }
  }

  const seen = new Set<string>();
  async function checkFile({ key, bytes, sha256 }: { key: string; bytes: number; sha256: string }) {
    if (!files || seen.has(key)) return;
    seen.add(key);
    checked.file += 1;
    const problem = await problemOfFile(storage, key, bytes, sha256);
    if (problem) say('file', key, problem);
  }

  // What the chain says of a record stands outside the record: whoever changes both must change every entry since.
  const recorded = new Map<string, string>();
  const broken = await findBrokenEntry(scope, (entry) => {
    checked['audit entry'] += 1;
    for (const [name, hash] of hashesIn(entry)) recorded.set(name, hash);
  });
  if (broken !== null) say('audit entry', String(broken), 'the chain does not hold from this entry on');
  const isRecorded = (name: string, hash: string | null) => (recorded.get(name) ?? hash) === hash;
  const changed = 'it no longer is what its hash was made from';
  const replaced = 'its hash is not the one in the audit chain';

  await walk('score sheet', listSealedAfter, (sheet) => {
    if (!sealHolds(sheet)) say('score sheet', sheet.id, changed);
    else if (!isRecorded(`sheet ${sheet.id}`, sheet.hash)) say('score sheet', sheet.id, replaced);
  });
  await walk('result', listResultsAfter, async (result) => {
    if (!resultHolds(result)) say('result', result.id, changed);
    else if (!isRecorded(`result ${result.id}`, result.hash)) say('result', result.id, replaced);
  });
  await walk('portfolio', listSnapshotsAfter, (snapshot) => {
    if (!portfolioHolds(snapshot)) say('portfolio', snapshot.id, changed);
  });
  await walk('narrative', listSignedAfter, (version) => {
    const name = `narrative ${version.narrativeId} ${version.number}`;
    if (!signatureHolds(version)) say('narrative', version.id, changed);
    else if (!isRecorded(name, version.hash)) say('narrative', version.id, replaced);
  });
  await walk('transcript', listTranscriptsAfter, async (transcript) => {
    if (!wasIssued(transcript)) return;
    const { id, pdf, snapshotHash } = transcript;
    if (!transcriptHolds(transcript)) say('transcript', id, changed);
    else if (!isRecorded(`transcript ${id}`, snapshotHash) || !isRecorded(`pdf ${id}`, pdf.sha256))
      say('transcript', id, replaced);
    await checkFile(pdf);
  });
  await walk('work', listWorksAfter, async (version) => {
    if (!workHolds(version)) say('work', version.id, changed);
    if (version.file) await checkFile(version.file);
  });
  return { checked, problems };
}

/** The hashes that an entry has put on record, by the thing that they are of. */
function hashesIn({ act, subject, detail }: AuditEntry): [string, string][] {
  const { hash, number, sha256, snapshotHash } = detail as Record<string, string>;
  switch (act.replace('.', ' ')) {
    case 'scores submit':
      return hash ? [[`sheet ${subject.id}`, hash]] : [];
    case 'results publish':
      return hash ? [[`result ${subject.id}`, hash]] : [];
    case 'narrative sign':
      return hash ? [[`narrative ${subject.id} ${number}`, hash]] : [];
    case 'transcript issue':
      return [
        [`transcript ${subject.id}`, snapshotHash ?? ''],
        [`pdf ${subject.id}`, sha256 ?? ''],
      ];
    default:
      return [];
  }
}

/** Of a file its record alone; the bytes are looked at by themselves. */
function workHolds({ kind, file, url, text, sha256 }: ArtifactVersion): boolean {
  if (kind === 'file') return file?.sha256 === sha256 && file.key.endsWith(`/${sha256}`);
  const words = kind === 'link' ? url : text;
  return (
    createHash('sha256')
      .update(words ?? '')
      .digest('hex') === sha256
  );
}

async function problemOfFile(
  storage: Storage,
  key: string,
  bytes: number,
  sha256: string,
): Promise<string | null> {
  try {
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of await storage.read(key)) {
      hash.update(chunk as Buffer);
      length += (chunk as Buffer).length;
    }
    if (length !== bytes) return `${length} bytes instead of ${bytes}`;
    return hash.digest('hex') === sha256 ? null : 'its bytes have changed';
  } catch (error) {
    if (error instanceof FileMissing) return 'it is missing';
    return `it could not be read: ${String(error)}`;
  }
}
