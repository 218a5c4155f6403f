/**
 * A chosen or corrected name: an appended record of what the name was and became, and of what the registrar decided for each document that
 * says the old one. Frozen documents never change; new ones print names through these records.
 */
export const nameDecisions = ['leave', 'reissue'] as const;
export type NameDecision = (typeof nameDecisions)[number];

export interface PersonNames {
  givenName: string;
  familyName: string;
  displayName: string;
}

export interface NameCorrection {
  id: string;
  schoolId: string;
  personId: string;
  from: PersonNames;
  to: PersonNames;
  at: Date;
  by: string;
  reason: string;
  decisions: { transcriptId: string; studentId: string; termId: string; decision: NameDecision }[];
}
