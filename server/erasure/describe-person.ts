/**
 * What an erasure must know of a person: how records write their name, where they presented, which sheets
 * they submitted. Reads only.
 */
import { countLinksMadeBy } from '../access/password-link-records.js';
import { countRemovalsOfOwner } from '../artifacts/file-removal-records.js';
import type { SchoolScope } from '../db/database.js';
import { presentationIdOf } from '../exhibitions/groups/group.js';
import { listSlotsByIds, listSlotsOfStudent } from '../exhibitions/slots/slot-records.js';
import { listMergedInto } from '../people/merged-people-records.js';
import type { MergedPerson } from '../people/merged-person.js';
import { listNameCorrectionsOf } from '../people/name-correction-records.js';
import { waysOf } from '../people/name-correction.js';
import type { Person } from '../people/person.js';
import type { ErasedPerson } from '../person-traces.js';
import { listSnapshotsOfStudent } from '../portfolio/portfolio-records.js';
import { listSealedIdsOf } from '../scores/score-sheet-records.js';
import { recordIdsAbout } from './records-about.js';
import type { Erasure, ErasureChoices, ErasureTraces } from './erasure.js';

export async function tracesOf(scope: SchoolScope, person: Person): Promise<ErasureTraces> {
  const [corrections, merges] = await Promise.all([
    listNameCorrectionsOf(scope, person.id),
    mergesInto(scope, person.id),
  ]);
  const others = [
    ...[person.legalName ?? '', person.chosenName ?? ''],
    ...merges.flatMap(({ names = [] }) => names),
  ];
  const ways = [...[person, ...corrections.map(({ from }) => from)].flatMap(waysOf), ...others];
  return {
    names: [...new Set(ways)].filter((name) => name !== '').sort((a, b) => b.length - a.length),
    ...{ email: person.email, sourcedId: person.sourcedId, roles: person.roles },
    formerNumbers: [person.studentNumber, ...merges.map(({ sourcedId }) => sourcedId)].flatMap(
      (number) => number ?? [],
    ),
    madeLinks: (await countLinksMadeBy(scope, [person.id, ...merges.map(({ id }) => id)])) > 0,
  };
}

/** Files of this person, also those that came with a duplicate, whose bytes are still in storage. */
export async function countFilesWaiting(scope: SchoolScope, personId: string): Promise<number> {
  const counts = await Promise.all(
    (await mergedIdsOf(scope, personId)).map((id) => countRemovalsOfOwner(scope, id)),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Whoever was merged into this person, and into those again. */
async function mergesInto(scope: SchoolScope, id: string): Promise<MergedPerson[]> {
  const found: MergedPerson[] = [];
  const ids = new Set([id]);
  for (const each of ids)
    for (const merge of await listMergedInto(scope, each))
      if (!ids.has(merge.id)) {
        ids.add(merge.id);
        found.push(merge);
      }
  return found;
}

/** Their own id, and those of everybody who was merged into them: files lie under the id that their owner had. */
export const mergedIdsOf = async (scope: SchoolScope, id: string): Promise<string[]> => [
  id,
  ...(await mergesInto(scope, id)).map((merge) => merge.id),
];

/** The same for every turn of the work: it follows from ids that stay. */
export async function erasedPersonOf(
  scope: SchoolScope,
  erasure: Pick<Erasure, 'personId' | 'mark' | 'requestedAt' | keyof ErasureChoices>,
  traces: ErasureTraces,
): Promise<ErasedPerson> {
  const { personId: id, keepIssued } = erasure;
  const [slots, sealedSeatIds, snapshots] = await Promise.all([
    listSlotsOfStudent(scope, id),
    listSealedIdsOf(scope, id),
    keepIssued ? listSnapshotsOfStudent(scope, id) : [],
  ]);
  const slotIds = slots.map((slot) => slot.id);
  const presentations = new Map(
    (await listSlotsByIds(scope, [...new Set(slots.map(presentationIdOf))])).map((slot) => [slot.id, slot]),
  );
  return {
    ...{ ...traces, id, keepIssued, sealedSeatIds, ids: await mergedIdsOf(scope, id) },
    ...{ mark: erasure.mark, at: erasure.requestedAt, eraseTranscripts: erasure.eraseTranscripts },
    recordIds: await recordIdsAbout(scope, id, slotIds),
    byName: erasure.byName ?? false,
    presented: slots.map((slot) => {
      const presentationId = presentationIdOf(slot);
      const together = slot.partOf != null || presentations.get(presentationId)?.group != null;
      return { slotId: slot.id, presentationId, together };
    }),
    keptWorkIds: [
      ...new Set(snapshots.flatMap(({ content }) => content.entries.map(({ artifactId }) => artifactId))),
    ],
  };
}
