/** A school, its terms, its policies and the network it belongs to. Everything a school decides is data here. */
import type { Actor } from '../access/actor.js';
import { hasRole } from '../access/actor.js';
import { cleanLine } from '../clean-text.js';

export const conflictRules = ['forbid', 'allow', 'demand'] as const;
/** `demand`: they must sit there, wherever the records name one. */
export type ConflictRule = (typeof conflictRules)[number];

/** Whether people who are close to a student sit on that student's panel. */
export interface ConflictRules {
  advisor: ConflictRule;
  relative: ConflictRule;
  mentor: ConflictRule;
}
/** Which name of a student a transcript prints: the one that is shown everywhere, or the one in official papers. */
export const transcriptNames = ['chosen', 'legal'] as const;
export type TranscriptName = (typeof transcriptNames)[number];

/** Of several attempts at the same thing. */
export const attemptRules = ['latest', 'best'] as const;
export type AttemptRule = (typeof attemptRules)[number];

/** Whose comments at a gallery wait for somebody of the school before the student reads them. */
export const holdRules = ['visitors', 'all', 'off'] as const;
/** `visitors`: of those who came by a stand's sign, without an account. */
export type HoldRule = (typeof holdRules)[number];

/**
 * When guests who come by the sign of a room count: once the chair or the office has admitted them, or from
 * the beginning.
 */
export const guestRules = ['when-admitted', 'at-once'] as const;
export type GuestRule = (typeof guestRules)[number];
/** Who may submit a student's portfolio. */
export const portfolioSubmitters = ['student', 'student-and-advisor'] as const;
export type PortfolioSubmitters = (typeof portfolioSubmitters)[number];

export interface SchoolPolicies {
  pageSize: 'letter' | 'a4';
  /** Does the student see who on the panel said what by name, or only by role? */
  voices: 'named' | 'by-role';
  /** Before the running number of a transcript, e.g. `RB` in `RB-2026-000123`. */
  numberPrefix: string;
  /** Left out by schools that have not decided: everything is allowed. */
  panelConflicts?: ConflictRules;
  /** Which of several attempts counts when nobody says otherwise. Left out: the latest. */
  attempts?: AttemptRule;
  /** Which comments at a gallery are held for review. Left out: those of visitors without an account. */
  holdComments?: HoldRule;
  /**
   * Days after an exhibition for which its panels and visitors read what they saw. Left out: `USUAL_PANEL_ACCESS_DAYS`.
   */
  panelAccessDays?: number;
  /** When guests who come by the sign of a room count. Left out: once they are admitted. */
  signGuests?: GuestRule;
  /** How many voices each row should have before a result is published without a question. Left out: one. */
  minVoices?: number;
  /** Left out: the student alone. */
  portfolioSubmitters?: PortfolioSubmitters;
  /** Left out: the chosen one. */
  transcriptName?: TranscriptName;
  /** What files may take. Left out: what the installation allows. */
  storage?: { studentMegabytes?: number; schoolMegabytes?: number };
}

const USUAL_PANEL_ACCESS_DAYS = 14;
export const MAX_PANEL_ACCESS_DAYS = 365;
/** More people never sit on one panel. */
export const MAX_MIN_VOICES = 50;

const undecided: ConflictRules = { advisor: 'allow', relative: 'allow', mentor: 'allow' };
export const panelConflictRules = (school: Pick<School, 'policies'> | null): ConflictRules =>
  school?.policies.panelConflicts ?? undecided;

export interface School {
  id: string;
  slug: string;
  name: string;
  networkId: string | null;
  /** IANA zone, e.g. `America/New_York`. */
  timeZone: string;
  /** BCP 47, e.g. `en`. */
  locale: string;
  /** `#rrggbb` or null for Vitrine's own. */
  accent: string | null;
  address: string;
  motto: string;
  /**
   * How the district’s rosters call this school: `sourcedId` or `identifier` of a OneRoster archive. Null and
   * left out: not told.
   */
  rosterId?: string | null;
  policies: SchoolPolicies;
  currentTermId: string | null;
  /** Nobody signs in from then on; left out and null: open. */
  closedAt?: Date | null;
  /** What its administrators read about it. */
  closedReason?: string;
  createdAt: Date;
}

/**
 * What tells schools of one name apart: the first line of the address, else the name in web addresses, which
 * no other school has.
 */
export const aboutSchool = ({ address, slug }: Pick<School, 'address' | 'slug'>): string =>
  address?.split('\n')[0]?.trim() || slug;

export interface Network {
  id: string;
  slug: string;
  name: string;
  /** Its staff sign in no more from then on; left out and null: open. */
  closedAt?: Date | null;
  /** What a school may still read of a student whom it has handed over. Left out: `keeps-reading`. */
  handoverRule?: HandoverRule;
  /** Counted up by acts that must not happen at the same moment. */
  turns?: number;
}

export const handoverRules = ['keeps-reading', 'sealed'] as const;
/**
 * `sealed`: after a handover the old school keeps what verification needs and reads nothing of the student any more.
 */
export type HandoverRule = (typeof handoverRules)[number];
export const handoverRuleOf = (network: Pick<Network, 'handoverRule'>): HandoverRule =>
  network.handoverRule ?? 'keeps-reading';

export interface Term {
  id: string;
  schoolId: string;
  slug: string;
  name: string;
  /** `YYYY-MM-DD`, both days included. */
  startsOn: string;
  endsOn: string;
}

export const attemptRuleOf = (school: Pick<School, 'policies'> | null): AttemptRule =>
  school?.policies.attempts ?? 'latest';

export const portfolioSubmittersOf = (school: Pick<School, 'policies'> | null): PortfolioSubmitters =>
  school?.policies.portfolioSubmitters ?? 'student';

export const transcriptNameOf = (school: Pick<School, 'policies'> | null): TranscriptName =>
  school?.policies.transcriptName ?? 'chosen';

/** Anybody can scan a sign and type a name, so somebody looks at who they are. */
export const guestRuleOf = (school: Pick<School, 'policies'> | null): GuestRule =>
  school?.policies.signGuests ?? 'when-admitted';

/** 0: access ends with the exhibition. */
export const panelAccessDaysOf = (school: Pick<School, 'policies'> | null): number =>
  school?.policies.panelAccessDays ?? USUAL_PANEL_ACCESS_DAYS;

export const minVoicesOf = (school: Pick<School, 'policies'> | null): number =>
  school?.policies.minVoices ?? 1;

/** Students are minors unless the school knows better, so comments of people it does not know are looked at first. */
export const holdRuleOf = (school: Pick<School, 'policies'> | null): HoldRule =>
  school?.policies.holdComments ?? 'visitors';

export const mayEditSchool = (actor: Actor): boolean => hasRole(actor, 'admin');
export const mayEditTerms = (actor: Actor): boolean => hasRole(actor, 'admin', 'registrar');

/**
 * `Riverbend School` → `riverbend-school`; letters outside ASCII are unaccented or dropped, empty becomes `fallback`.
 */
export function slugOf(name: string, fallback = 'school'): string {
  const slug = cleanLine(name)
    .slice(0, 200)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join('-')
    .slice(0, 60);
  return slug || fallback;
}

/** The calendar day `YYYY-MM-DD` that a moment has in a zone: an evening in New York is already tomorrow in UTC. */
export const dayIn = (timeZone: string, moment: Date): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    moment,
  );

/**
 * The order of terms, oldest first, the same whoever asks. Of terms that begin on one day the longer one
 * comes first, so that the more exact one is the later.
 */
export const byBeginning = (a: Term, b: Term): number =>
  a.startsOn.localeCompare(b.startsOn) || b.endsOn.localeCompare(a.endsOn) || a.id.localeCompare(b.id);

/**
 * The term that holds `day` (YYYY-MM-DD), else the last one begun, else the first. Of several that hold it
 * the one that began last: a term inside a year, not the year.
 */
export function termOn(terms: Term[], day: string): Term | null {
  const inOrder = [...terms].sort(byBeginning);
  const begun = inOrder.filter((term) => term.startsOn <= day);
  return begun.filter((term) => day <= term.endsOn).at(-1) ?? begun.at(-1) ?? inOrder[0] ?? null;
}
