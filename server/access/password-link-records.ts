/**
 * The one-time links that were made for passwords, by whom and whether used. Personal data: names; never the
 * secret of a link.
 */
import { sharedCollection, type Database, type SharedScope } from '../db/database.js';
import type { PasswordLink } from './password-link.js';
import { tracesIn } from '../person-traces.js';

const fixed = { required: true, immutable: true } as const;

const links = sharedCollection<PasswordLink>(
  'passwordlinks',
  {
    schoolId: { type: String, immutable: true },
    accountId: { type: String, ...fixed },
    personId: { type: String, ...fixed },
    personName: { type: String, ...fixed },
    replaces: { type: Boolean, ...fixed },
    createdAt: { type: Date, ...fixed },
    createdById: { type: String, ...fixed },
    createdByName: { type: String, ...fixed },
    expiresAt: { type: Date, ...fixed },
    usedAt: Date,
    merged: { type: Boolean, default: undefined, immutable: true },
    moved: { type: Boolean, default: undefined, immutable: true },
    unreadBy: { type: [String], required: true },
  },
  {
    indexes: [
      { keys: { unreadBy: 1, createdAt: -1 } },
      { keys: { schoolId: 1, createdAt: -1 } },
      { keys: { schoolId: 1, personId: 1, createdAt: -1 } },
    ],
  },
);
export const passwordLinksDeclaration = links.declaration;

type Where = Database | SharedScope;

/** The newest that this person was told of and has not marked as read. */
export const listUnreadLinks = (where: Where, personId: string, limit: number) =>
  links.in(where).find({ unreadBy: personId }, { sort: { createdAt: -1 }, limit });

/** Those of a whole school, or those for one person's account. */
export const listLinks = (
  where: Where,
  { schoolId, personId }: { schoolId: string | null; personId?: string },
  page: number,
  perPage: number,
) =>
  links
    .in(where)
    .page({ schoolId, ...(personId ? { personId } : {}) }, { sort: { createdAt: -1 }, page, perPage });

export const savePasswordLink = (where: Where, link: PasswordLink) => links.in(where).insert(link);
export const savePasswordLinkUsed = (where: Where, id: string, usedAt: Date) =>
  links.in(where).updateOne({ id, usedAt: null }, { $set: { usedAt } });
export const savePasswordLinksRead = (where: Where, personId: string) =>
  links.in(where).updateMany({ unreadBy: personId }, { $pull: { unreadBy: personId } });

export const countLinksMadeBy = (where: Where, personIds: readonly string[]) =>
  links.in(where).count({ createdById: { $in: personIds } });

export const removeLinksFor = tracesIn(links, ({ id }) => ({ personId: id }));
export const saveLinkMakerUnnamed = tracesIn(links, ({ ids, mark }) => ({
  createdById: { $in: ids },
  createdByName: { $ne: mark },
}));
export const saveLinkReaderRemoved = tracesIn(links, ({ id }) => ({ unreadBy: id }));
