/** What an erasure must know of a person: how records write their name, where they presented, which sheets they submitted. Reads only. */
import { countLinksMadeBy } from '../access/password-link-records.js';
import type { SchoolScope } from '../database.js';
import { presentationIdOf } from '../exhibition/group.js';
import { listSlotsByIds, listSlotsOfStudent } from '../exhibition/slot-records.js';
import { listMergedInto } from '../people/merged-people-records.js';
import { listNameCorrectionsOf } from '../people/name-correction-records.js';
import type { PersonNames } from '../people/name-correction.js';
import type { Person } from '../people/person.js';
import type { ErasedPerson } from '../person-traces.js';
import { listSnapshotsOfStudent } from '../portfolio/portfolio-records.js';
import { listSealedIdsOf } from '../scores/score-sheet-records.js';
import type { Erasure, ErasureTraces } from './erasure.js';

const waysOf = ({ displayName, givenName, familyName }: PersonNames): string[] => [
  displayName,
  `${givenName} ${familyName}`.trim(),
  ...(givenName && familyName ? [`${familyName}, ${givenName}`, `${familyName} ${givenName}`] : []),
];

export async function tracesOf(scope: SchoolScope, person: Person): Promise<ErasureTraces> {
  const corrections = await listNameCorrectionsOf(scope, person.id);
  const others = [person.legalName ?? '', person.chosenName ?? ''];
  const ways = [...[person, ...corrections.map(({ from }) => from)].flatMap(waysOf), ...others];
  return {
    names: [...new Set(ways)].filter((name) => name !== '').sort((a, b) => b.length - a.length),
    ...{ email: person.email, sourcedId: person.sourcedId, roles: person.roles },
    madeLinks: (await countLinksMadeBy(scope, await idsOf(scope, person.id))) > 0,
  };
}

/** Their own id, and those of everybody who was merged into them. */
async function idsOf(scope: SchoolScope, id: string): Promise<string[]> {
  const ids = [id];
  for (const each of ids)
    ids.push(
      ...(await listMergedInto(scope, each)).map((merge) => merge.id).filter((one) => !ids.includes(one)),
    );
  return ids;
}

/** The same for every turn of the work: it follows from ids that stay. */
export async function erasedPersonOf(
  scope: SchoolScope,
  erasure: Pick<Erasure, 'personId' | 'mark' | 'requestedAt' | 'keepIssued' | 'eraseTranscripts'>,
  traces: ErasureTraces,
): Promise<ErasedPerson> {
  const { personId: id, keepIssued } = erasure;
  const [slots, sealedSeatIds, snapshots] = await Promise.all([
    listSlotsOfStudent(scope, id),
    listSealedIdsOf(scope, id),
    keepIssued ? listSnapshotsOfStudent(scope, id) : [],
  ]);
  const presentations = new Map(
    (await listSlotsByIds(scope, [...new Set(slots.map(presentationIdOf))])).map((slot) => [slot.id, slot]),
  );
  return {
    ...{ ...traces, id, keepIssued, sealedSeatIds, ids: await idsOf(scope, id) },
    ...{ mark: erasure.mark, at: erasure.requestedAt, eraseTranscripts: erasure.eraseTranscripts },
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
