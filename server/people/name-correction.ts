/**
 * A chosen or corrected name: an appended record of what the name was and became, and of what the registrar
 * decided for each document that says the old one. Frozen documents never change; new ones print names
 * through these records.
 */
import { isDeepStrictEqual } from 'node:util';

export type NameDecision = 'leave' | 'reissue';

/** Frozen documents beside transcripts that name people: the byline of a snapshot, who scored, visited or signed. */
export const namedKinds = ['snapshot', 'result', 'narrative', 'visit'] as const;
export type NamedKind = (typeof namedKinds)[number];
/** `show`: pages show the new name, and say so. The sealed document stays as it is in both cases. */
type ShownDecision = 'leave' | 'show';

export interface PersonNames {
  givenName: string;
  familyName: string;
  displayName: string;
}

/** Every way in which records write such a name. */
export const waysOf = ({ displayName, givenName, familyName }: PersonNames): string[] => [
  displayName,
  `${givenName} ${familyName}`.trim(),
  ...(givenName && familyName ? [`${familyName}, ${givenName}`, `${familyName} ${givenName}`] : []),
];

export const namesOf = ({ givenName, familyName, displayName }: PersonNames): PersonNames => ({
  givenName,
  familyName,
  displayName,
});
export const isRenamed = (before: PersonNames, after: PersonNames): boolean =>
  !isDeepStrictEqual(namesOf(before), namesOf(after));

const nameFields: ReadonlySet<string> = new Set(['givenName', 'familyName', 'displayName', 'sortName']);
/** Fields of a person that stay as they are while a new name waits for decisions. */
export const isNameField = (field: string): boolean => nameFields.has(field);

export interface NameCorrection {
  id: string;
  schoolId: string;
  personId: string;
  from: PersonNames;
  to: PersonNames;
  at: Date;
  by: string;
  reason: string;
  /** Of issued transcripts. */
  decisions: { transcriptId: string; studentId: string; termId: string; decision: NameDecision }[];
  /** Of other frozen documents that say the old name; left out by corrections from before anybody was asked. */
  shown?: { kind: NamedKind; id: string; decision: ShownDecision }[];
}

/** What is decided about every frozen document that has a name of the person. */
export type DecidedNaming = Required<Pick<NameCorrection, 'decisions' | 'shown'>>;

/** A document, and whom it names. */
export interface NamingDocument {
  studentId: string;
  termId: string;
  personIds: ReadonlySet<string>;
}

/** Whether the document says something else because of this correction. */
export const concernsDocument = (
  { personId, decisions }: Pick<NameCorrection, 'personId' | 'decisions'>,
  { studentId, termId, personIds }: NamingDocument,
): boolean =>
  personIds.has(personId) || decisions.some((each) => each.studentId === studentId && each.termId === termId);
