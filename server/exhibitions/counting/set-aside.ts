/**
 * One act on a sheet: it is set aside with a reason, or counts again with a reason. Written once and never
 * changed; the newest one of a seat says what holds.
 */
export interface SetAside {
  id: string;
  schoolId: string;
  slotId: string;
  exhibitionId: string;
  seatId: string;
  /** `set-aside`: the sheet stays in the record and counts nowhere. `count`: that was taken back. */
  kind: SetAsideKind;
  reason: string;
  at: Date;
  by: string;
  byName: string;
}

export const setAsideKinds = ['set-aside', 'count'] as const;
export type SetAsideKind = (typeof setAsideKinds)[number];

export const MAX_SET_ASIDE_REASON = 2000;

/** What never changes of it; goes into the audit chain by its hash. */
export const frozenOfSetAside = ({ slotId, seatId, kind, reason, at, by, byName }: SetAside) => ({
  slotId,
  seatId,
  kind,
  reason,
  at,
  by,
  byName,
});

/** As pages and programs are told. */
export const setAsideView = ({ kind, reason, at, byName }: SetAside) => ({
  kind,
  reason,
  at: at.toISOString(),
  by: byName,
});
