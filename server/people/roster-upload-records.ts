/** A roster between its preview and its import, kept for an hour. Personal data: the whole file; removed by itself. */
import { schoolCollection, type SchoolScope } from '../db/database.js';
import { tracesIn } from '../person-traces.js';

export interface RosterUpload {
  id: string;
  schoolId: string;
  personId: string;
  name: string;
  content: Buffer;
  expiresAt: Date;
}

const uploads = schoolCollection<RosterUpload>(
  'rosteruploads',
  {
    personId: { type: String, required: true },
    name: { type: String, required: true },
    content: { type: Buffer, required: true },
    expiresAt: { type: Date, required: true },
  },
  { indexes: [{ keys: { expiresAt: 1 }, expireAfterSeconds: 0 }] },
);
export const rosterUploadsDeclaration = uploads.declaration;

/** What the database answers has its own kind of bytes. */
function withBuffer(found: RosterUpload): RosterUpload {
  const content = found.content as Buffer | { buffer: Uint8Array };
  return { ...found, content: Buffer.isBuffer(content) ? content : Buffer.from(content.buffer) };
}

export const saveRosterUpload = async (scope: SchoolScope, upload: RosterUpload): Promise<RosterUpload> =>
  withBuffer(await uploads.in(scope).insert(upload));

/** Only for the person who sent it. */
export async function findRosterUpload(
  scope: SchoolScope,
  id: string,
  personId: string,
): Promise<RosterUpload | null> {
  const found = await uploads.in(scope).findOne({ id, personId });
  return found && withBuffer(found);
}

export const saveRosterUploadRemoved = (scope: SchoolScope, id: string) => uploads.in(scope).remove({ id });

/** All of the school: nobody can tell who is in a file without reading it. */
export const removeRosterUploads = tracesIn(uploads, () => ({}));
