/**
 * Nobody changes what they have not seen: an act says which state of the thing its sender has read, and where
 * somebody else has changed it since, the act is refused and says who did and when. Who it was is read from
 * the audit trail, so no record has to keep it.
 */
import { createHash } from 'node:crypto';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { listLatestEntriesOn } from '../audit/chain-records.js';
import { canonicalJson } from '../canonical.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, StateMissing, type MessageParams } from '../errors.js';
import { findPerson } from '../people/people-records.js';
import { findSchool } from '../school/school-records.js';

/** What the audit trail calls the thing, and which of its entries are about what was seen. */
export interface SeenThing {
  kind: string;
  id: string;
  /** Left out: every one. */
  isAbout?: (act: string, detail: Record<string, unknown>) => boolean;
}

interface SaidStale {
  /** Message keys, with and without {{who}} and {{changedAt}}. */
  by: string;
  unnamed: string;
  params?: MessageParams;
}

const usual: SaidStale = { by: 'common.problem.changed-by', unnamed: 'common.problem.stale' };

/** Entries looked at for one that is about it. */
const LATEST = 40;

/** The field of an act that says what its sender has seen. @param where programs read it */
export const seenField = (where: string) =>
  z
    .string()
    .max(64)
    .nullish()
    .transform((value) => value ?? undefined)
    .describe(
      `Required: ${where}. 428 without it; 409 \`stale\` with \`changes\` when it has changed since.`,
    );

/** The same as a number. */
export const revisionField = z
  .preprocess((value) => (value === '' ? undefined : value), z.coerce.number().int().min(0).optional())
  .describe(
    'Required: `revision` of GET /slots/{id}. 428 without it; 409 `stale` when it has changed since.',
  );

/** A digest of no meaning but for comparing. */
export const seenOf = (content: unknown): string =>
  createHash('sha256')
    .update(canonicalJson(content ?? null))
    .digest('base64url')
    .slice(0, 16);

/**
 * @param seen what the sender has seen; `now` what it is
 * @param field as the sender calls it
 * @throws StateMissing where nothing was sent; Conflict `stale` where it has changed, with who did and when
 */
export async function refuseUnseen<T extends string | number>(
  scope: SchoolScope,
  { seen, now, field }: { seen: T | undefined; now: T; field: string },
  things: readonly SeenThing[],
  said: SaidStale = usual,
): Promise<void> {
  if (seen === undefined) throw new StateMissing('common.problem.state-missing', { field });
  if (seen !== now) throw await staleBecause(scope, things, said);
}

/** 409 `stale`, with `changes` for programs: who changed it last, and when. */
export async function staleBecause(
  scope: SchoolScope,
  things: readonly SeenThing[],
  { by, unnamed, params = {} }: SaidStale = usual,
): Promise<Conflict> {
  // Read beside the transaction of the act: its own view may be older than what has changed.
  const beside: SchoolScope = { db: scope.db, schoolId: scope.schoolId };
  const found = await Promise.all(things.map((thing) => lastEntryOn(beside, thing)));
  const [last] = found.flatMap((entry) => entry ?? []).sort((a, b) => b.at.getTime() - a.at.getTime());
  if (!last) return new Conflict(unnamed, params, 'stale');
  const [person, school] = await Promise.all([
    findPerson(beside, last.actorId),
    findSchool(beside, beside.schoolId),
  ]);
  const who = person?.displayName ?? null;
  const changedAt = DateTime.fromJSDate(last.at, { zone: school?.timeZone ?? 'UTC' })
    .setLocale(school?.locale ?? 'en')
    .toLocaleString(DateTime.DATETIME_MED);
  const detail = { changes: [{ who, at: last.at.toISOString() }] };
  return who
    ? new Conflict(by, { ...params, who, changedAt }, 'stale', detail)
    : new Conflict(unnamed, params, 'stale', detail);
}

async function lastEntryOn(scope: SchoolScope, { kind, id, isAbout = () => true }: SeenThing) {
  const latest = await listLatestEntriesOn(scope, kind, id, LATEST);
  return latest.find(({ act, detail }) => isAbout(act, detail)) ?? null;
}
