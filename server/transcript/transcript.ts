/**
 * An issued transcript: a number, a code to verify it by, the frozen snapshot and the PDF. None of these ever
 * change; a newer one supersedes it, the registrar may revoke it with a reason, and both stay readable.
 */
import { createHash } from 'node:crypto';
import { cleanFileName } from '../artifacts/file-name.js';
import { hasRole, type Actor } from '../access/actor.js';
import { mayReadStudent, type StudentFacts } from '../people/person.js';

export const transcriptStates = [
  'preparing',
  'issued',
  'superseded',
  'revoked',
  // Erased with its student: number and code stay, so that whoever verifies it is told, and nothing else.
  'withdrawn',
] as const;
export type TranscriptState = (typeof transcriptStates)[number];

export interface Transcript {
  id: string;
  schoolId: string;
  /** 1, 2, 3 … within the school, without a gap. */
  serial: number;
  /** What people read: `RB-2026-000123`. */
  number: string;
  /** What a stranger types, e.g. `K7QF-2MXN-8RTD`; unique over the whole installation. */
  code: string;
  studentId: string;
  /** As on the page. */
  studentName: string;
  termId: string;
  termName: string;
  jobId: string | null;
  /**
   * `preparing` has its number and nothing else yet: whoever issues for this student and term next, after a
   * crash for example, finishes this one. So a number is neither lost nor used twice.
   */
  state: TranscriptState;
  /** Canonical JSON of the snapshot, and its SHA-256. */
  snapshot: string | null;
  snapshotHash: string | null;
  /**
   * SHA-256 of what was said, without number, code, date and styling (`facts-hash.ts`): tells whether a new
   * one would say anything new.
   */
  factsHash: string | null;
  /** From which versions of which results it was made; absent in those from before this was kept. */
  results?: { id: string; version: number }[] | null;
  template: string;
  pageSize: 'letter' | 'a4';
  pdf: { key: string; bytes: number; sha256: string } | null;
  issuedAt: Date | null;
  issuedBy: string;
  issuedName: string;
  supersededBy: string | null;
  revokedAt: Date | null;
  reason: string | null;
}

/** A transcript that has been issued, whatever became of it later. */
export type IssuedTranscript = Transcript & {
  snapshot: string;
  snapshotHash: string;
  pdf: { key: string; bytes: number; sha256: string };
  issuedAt: Date;
};

export const wasIssued = (transcript: Transcript): transcript is IssuedTranscript =>
  transcript.state !== 'preparing' && transcript.state !== 'withdrawn' && transcript.pdf !== null;

/** Whether the frozen data still are what the PDF was made from: their hash is that of their canonical text. */
export const isUnchangedTranscript = (transcript: IssuedTranscript): boolean =>
  createHash('sha256').update(transcript.snapshot).digest('hex') === transcript.snapshotHash;

export const mayRevoke = (actor: Actor): boolean => hasRole(actor, 'registrar', 'admin');
/** Issued ones: the student, their family, their advisor, and those who run the school. */
export const mayReadTranscript = (actor: Actor, student: StudentFacts): boolean =>
  mayReadStudent(actor, student);

/** `RB`, 2026, 123 → `RB-2026-000123`. */
export const numberText = (prefix: string, year: number, serial: number): string =>
  `${prefix}-${year}-${String(serial).padStart(6, '0')}`;

/** Letters and digits that are not taken for one another. */
export const verificationAlphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
export const VERIFICATION_CODE_LENGTH = 12;

/** `k7qf 2mxn8rtd` → `K7QF-2MXN-8RTD`; null when it cannot be a code. */
export function readVerificationCode(typed: string): string | null {
  const signs = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  if (
    signs.length !== VERIFICATION_CODE_LENGTH ||
    [...signs].some((sign) => !verificationAlphabet.includes(sign))
  )
    return null;
  return codeText(signs);
}

/** Twelve signs in groups of four. */
export const codeText = (signs: string): string => signs.replace(/(.{4})(?=.)/g, '$1-');

/** The file's name for people who download it: number and name, in any script, without what file systems refuse. */
export function fileName(transcript: Pick<Transcript, 'number' | 'studentName'>): string {
  const name = [...cleanFileName(transcript.studentName.replace(/[<>:"/\\|?*\s]+/g, ' '), '')];
  return `${[transcript.number, name.slice(0, 80).join('')].join(' ').trim()}.pdf`;
}
