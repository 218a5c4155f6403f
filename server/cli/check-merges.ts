/**
 * Whether merges explain that a frozen record belongs to somebody else now than when it was frozen. The
 * records of merges are checked against the audit chain like every frozen record, so nobody can add one with
 * the database alone.
 */
import type { SchoolScope } from '../db/database.js';
import { listMergedAfter } from '../people/merged-people-records.js';
import type { FrozenProblem } from './frozen-walk.js';

export interface MergeCheck {
  explains(resealed: NonNullable<FrozenProblem['resealed']>): Promise<boolean>;
}

interface Lead {
  into: string;
  offset: number;
}

const batch = 500;

/** Reads the school's merges when the first record asks for them. */
export function openMergeCheck(scope: SchoolScope): MergeCheck {
  let known: Promise<Map<string, Lead>> | null = null;
  const read = async (): Promise<Map<string, Lead>> => {
    const leads = new Map<string, Lead>();
    for (let after = ''; ;) {
      const found = await listMergedAfter(scope, after, batch);
      for (const { id, into, joined } of found) {
        leads.set(id, { into, offset: 0 });
        for (const { from, to, offset } of joined) leads.set(from, { into: to, offset });
      }
      if (found.length < batch) return leads;
      after = found.at(-1)!.id;
    }
  };
  return {
    async explains(resealed) {
      const leads = await (known ??= read());
      let shifted = 0;
      const ids = resealed.filter(({ field }) => field.endsWith('Id'));
      const numbers = resealed.filter(({ field }) => field === 'number');
      if (ids.length === 0 || ids.length + numbers.length < resealed.length) return false;
      for (const { field, sealed, now } of ids) {
        const end = endOf(leads, String(sealed));
        if (end.into !== now) return false;
        if (field === 'narrativeId') shifted = end.offset;
      }
      return numbers.every(({ sealed, now }) => Number(sealed) + shifted === now);
    },
  };
}

/** Where an id leads to in the end. */
function endOf(leads: ReadonlyMap<string, Lead>, id: string): Lead {
  const seen = new Set<string>();
  let end: Lead = { into: id, offset: 0 };
  for (let next = leads.get(id); next && !seen.has(end.into); next = leads.get(end.into)) {
    seen.add(end.into);
    end = { into: next.into, offset: end.offset + next.offset };
  }
  return end;
}
