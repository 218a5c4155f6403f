/**
 * One-time links with which an account's owner chooses a password. Whoever makes a link could use it, so its
 * owner and the administrators are told, and what the account signs within a day after its use says so. A
 * link works once, ends nothing before it is used, and does not wait long.
 */
import { z } from 'zod';
import type { Actor } from './actor.js';

export interface PasswordLink {
  id: string;
  /** Null for accounts of a network. */
  schoolId: string | null;
  accountId: string;
  personId: string;
  personName: string;
  /** The account had a password when the link was made. */
  replaces: boolean;
  createdAt: Date;
  createdById: string;
  createdByName: string;
  expiresAt: Date;
  usedAt: Date | null;
  /** No link: records of two people were merged, so that this account opens both. Left out: a link. */
  merged?: boolean;
  /** No link: somebody gave the account, which had a password, another address. Left out: a link. */
  moved?: boolean;
  /** The people who were told and have not said that they read it. */
  unreadBy: string[];
}

/** What is kept with everything that an account signs within a day after such a link was used. */
export interface PasswordLinkMark {
  createdById: string;
  createdByName: string;
  createdAt: Date;
  usedAt: Date;
}

const hour = 60 * 60 * 1000;
/** A first link often travels on paper; one that replaces a password is for somebody who is waiting. */
export const firstLinkHours = 7 * 24;
const replacingLinkHours = 24;
const markHours = 24;

export const linkExpiry = (now: Date, replaces: boolean): Date =>
  new Date(now.getTime() + (replaces ? replacingLinkHours : firstLinkHours) * hour);

/** @param link the last one that was used for the account */
export function markAt(link: PasswordLinkMark | null | undefined, now: Date): PasswordLinkMark | null {
  if (!link || now.getTime() - link.usedAt.getTime() >= markHours * hour) return null;
  const { createdById, createdByName, createdAt, usedAt } = link;
  return { createdById, createdByName, createdAt, usedAt };
}

/** To spread into what is signed: nothing, or the mark. */
export const passwordLinkMark = (actor: Pick<Actor, 'passwordLink'>): { passwordLink?: PasswordLinkMark } =>
  actor.passwordLink ? { passwordLink: actor.passwordLink } : {};

export const linkMarkAnswer = z
  .object({ createdBy: z.string(), createdAt: z.string(), usedAt: z.string() })
  .nullable()
  .describe('The account signed within a day after a password link was used: who made the link.');

/** For pages and programs; null where there is no mark. */
export const markView = (mark: PasswordLinkMark | null | undefined) =>
  mark
    ? {
        createdBy: mark.createdByName,
        createdAt: mark.createdAt.toISOString(),
        usedAt: mark.usedAt.toISOString(),
      }
    : null;
