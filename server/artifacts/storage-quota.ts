/**
 * How much a student and a school may keep. The bytes are taken before a file reaches storage, in one step
 * each, so that uploads at the same moment cannot exceed a quota together; what comes to nothing is given
 * back. The first look counts what is there already.
 */
import type { Config } from '../config.js';
import type { SchoolScope } from '../db/database.js';
import { AppError, TooLarge } from '../errors.js';
import { MIN_FREE_FOR_UPLOADS } from '../disk-space.js';
import { findSchool } from '../school/school-records.js';
import {
  findStorageUse,
  saveStorageCounted,
  saveStorageGivenBack,
  saveStorageTaken,
} from './storage-use-records.js';
import { sumStoredBytes } from './artifact-records.js';

export interface Quota {
  usedBytes: number;
  quotaBytes: number;
}

export interface QuotaNeeds {
  config: Pick<Config, 'studentQuotaBytes' | 'schoolQuotaBytes'>;
  freeBytes(): Promise<number>;
  locale: string;
}

const MIB = 1024 * 1024;
/** From this share on, the form says how much is left. */
const nearlyFull = 0.8;

async function used(scope: SchoolScope, id: string, studentId: string | null): Promise<number> {
  const known = await findStorageUse(scope, id);
  if (known !== null) return known;
  await saveStorageCounted(scope, id, await sumStoredBytes(scope, studentId));
  return (await findStorageUse(scope, id)) ?? 0;
}

/** What the whole school uses, and what it may. */
export async function findSchoolQuota(
  { config }: { config: Pick<Config, 'schoolQuotaBytes'> },
  scope: SchoolScope,
): Promise<Quota> {
  const [school, usedBytes] = await Promise.all([
    findSchool(scope, scope.schoolId),
    used(scope, scope.schoolId, null),
  ]);
  const megabytes = school?.policies.storage?.schoolMegabytes ?? Infinity;
  return { usedBytes, quotaBytes: Math.min(megabytes * MIB, config.schoolQuotaBytes) };
}

/**
 * What is used and what may be: of the student, and of their whole school. The school may set less than the
 * installation allows.
 */
export async function findQuotas(
  { config }: Pick<QuotaNeeds, 'config'>,
  scope: SchoolScope,
  studentId: string,
): Promise<{ student: Quota; school: Quota }> {
  const [school, ofStudent, ofSchool] = await Promise.all([
    findSchool(scope, scope.schoolId),
    used(scope, studentId, studentId),
    findSchoolQuota({ config }, scope),
  ]);
  const { studentMegabytes } = school?.policies.storage ?? {};
  const studentQuota = studentMegabytes === undefined ? config.studentQuotaBytes : studentMegabytes * MIB;
  return {
    student: { usedBytes: ofStudent, quotaBytes: Math.min(studentQuota, ofSchool.quotaBytes) },
    school: ofSchool,
  };
}

/** Whether it is time to say how much is left. */
export const isNearlyFull = ({ usedBytes, quotaBytes }: Quota): boolean =>
  usedBytes >= nearlyFull * quotaBytes;

const sizes = [
  ['terabyte', 1024 ** 4],
  ['gigabyte', 1024 ** 3],
  ['megabyte', MIB],
] as const;

/** `1.5 GB`, in the reader's language. */
export function sizeText(bytes: number, locale: string): string {
  const [unit, size] = sizes.find(([, least]) => bytes >= least) ?? (['kilobyte', 1024] as const);
  const value = bytes / size;
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}

/**
 * Before anything is read: a request that says how long it is, and cannot fit, is not sent in vain.
 * @param bytes that the disk must have room for
 * @param least bytes that must fit into the quotas; what of a request fits beyond that is decided work by work
 * @throws TooLarge; AppError 507 when the disk has no room for it
 */
export async function checkRoom(
  needs: QuotaNeeds,
  scope: SchoolScope,
  studentId: string,
  bytes: number,
  least: number,
): Promise<void> {
  if ((await needs.freeBytes()) - bytes < MIN_FREE_FOR_UPLOADS)
    throw new AppError(507, 'disk-full', 'common.problem.disk-full');
  const { student, school } = await findQuotas(needs, scope, studentId);
  // The boundaries and fields of a form belong to its length: what fits but for them is decided by the files
  // themselves.
  const fits = ({ usedBytes, quotaBytes }: Quota): boolean =>
    usedBytes < quotaBytes && usedBytes + least - MIB <= quotaBytes;
  if (!fits(student)) throw full('student', student, needs.locale);
  if (!fits(school)) throw full('school', school, needs.locale);
}

const full = (whose: 'student' | 'school', { usedBytes, quotaBytes }: Quota, locale: string): TooLarge =>
  new TooLarge(`artifacts.problem.quota-${whose}`, {
    used: sizeText(usedBytes, locale),
    quota: sizeText(quotaBytes, locale),
  });

/**
 * Takes the bytes, does the work, and gives them back when the work fails.
 * @throws TooLarge when they do not fit; what `work` throws
 */
export async function withinQuota<T>(
  needs: QuotaNeeds,
  scope: SchoolScope,
  studentId: string,
  bytes: number,
  work: () => Promise<T>,
): Promise<T> {
  if (bytes === 0) return work();
  const { student, school } = await findQuotas(needs, scope, studentId);
  const taken: string[] = [];
  try {
    if (!(await saveStorageTaken(scope, scope.schoolId, bytes, school.quotaBytes)))
      throw full('school', school, needs.locale);
    taken.push(scope.schoolId);
    if (!(await saveStorageTaken(scope, studentId, bytes, student.quotaBytes)))
      throw full('student', student, needs.locale);
    taken.push(studentId);
    return await work();
  } catch (error) {
    for (const id of taken) await saveStorageGivenBack(scope, id, bytes);
    throw error;
  }
}
