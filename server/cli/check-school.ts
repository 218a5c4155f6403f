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
  const recorded = new Map<string, Recorded>();
  const broken = await findBrokenEntry(scope, (entry) => {
    checked['audit entry'] += 1;
    for (const each of hashesIn(entry)) recorded.set(nameOf(each), each);
  });
  if (broken !== null) say('audit entry', String(broken), 'the chain does not hold from this entry on');
  /** Asked once for each record that is there: those left over in the end are gone. */
  const isRecorded = (kind: Kind, id: string, hash: string | null): boolean => {
    const before = recorded.get(nameOf({ kind, id }));
    recorded.delete(nameOf({ kind, id }));
    return before === undefined || before.hash === hash;
  };
  const changed = 'it no longer is what its hash was made from';
  const replaced = 'its hash is not the one in the audit chain';

  const checkHash = (kind: Kind, id: string, holds: boolean, isSame: boolean): void => {
    if (!holds) say(kind, id, changed);
    else if (!isSame) say(kind, id, replaced);
  };

  await walk('score sheet', listSealedAfter, (sheet) => {
    checkHash('score sheet', sheet.id, sealHolds(sheet), isRecorded('score sheet', sheet.id, sheet.hash));
  });
  await walk('result', listResultsAfter, (result) => {
    checkHash('result', result.id, resultHolds(result), isRecorded('result', result.id, result.hash));
  });
  await walk('portfolio', listSnapshotsAfter, (snapshot) => {
    if (!portfolioHolds(snapshot)) say('portfolio', snapshot.id, changed);
  });
  await walk('narrative', listSignedAfter, (version) => {
    const name = `${version.narrativeId} ${version.number}`;
    checkHash('narrative', version.id, signatureHolds(version), isRecorded('narrative', name, version.hash));
  });
  await walk('transcript', listTranscriptsAfter, async (transcript) => {
    if (!wasIssued(transcript)) return;
    const { id, pdf, snapshotHash } = transcript;
    const isSame = isRecorded('transcript', id, snapshotHash);
    const isSameFile = isRecorded('file', id, pdf.sha256);
    checkHash('transcript', id, transcriptHolds(transcript), isSame && isSameFile);
    await checkFile(pdf);
  });
  await walk('work', listWorksAfter, async (version) => {
    if (!workHolds(version)) say('work', version.id, changed);
    if (version.file) await checkFile(version.file);
  });
  for (const { kind, id } of recorded.values())
    if (kind !== 'file') say(kind, id, 'the audit chain names it, and it is gone');
  return { checked, problems };
}

/** What the audit chain says of a record; `file` is a transcript's, by the transcript's id. */
interface Recorded {
  kind: Kind;
  id: string;
  hash: string;
}

const nameOf = ({ kind, id }: Pick<Recorded, 'kind' | 'id'>): string => `${kind} ${id}`;

/** The hashes that an entry has put on record. */
function hashesIn({ act, subject: { id }, detail }: AuditEntry): Recorded[] {
  const { hash, number, sha256, snapshotHash } = detail as Record<string, string>;
  switch (act.replace('.', ' ')) {
    case 'scores submit':
      return hash ? [{ kind: 'score sheet', id, hash }] : [];
    case 'results publish':
      return hash ? [{ kind: 'result', id, hash }] : [];
    case 'narrative sign':
      return hash ? [{ kind: 'narrative', id: `${id} ${number}`, hash }] : [];
    case 'transcript issue':
      return [
        { kind: 'transcript', id, hash: snapshotHash ?? '' },
        { kind: 'file', id, hash: sha256 ?? '' },
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
