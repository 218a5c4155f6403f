/** Rosters as schools send them: one CSV, or a OneRoster 1.2 archive made from tables. */
import yazl from 'yazl';
import { dayFromNow } from '../test-clock.js';

export interface Agent {
  id: string;
  given: string;
  family: string;
  email?: string;
  role: string;
  grades?: string;
  agents?: string[];
  status?: string;
}

/** A small but complete OneRoster archive; `change` replaces or removes (null) files before it is packed. */
export function oneRoster(
  input: {
    users: Agent[];
    homerooms?: { id: string; title: string; teacher: string; students: string[] }[];
    org?: string;
  },
  change: Record<string, string | null> = {},
): Promise<Buffer> {
  const org = input.org ?? 'school-1';
  const homerooms = input.homerooms ?? [];
  const files: Record<string, string | null> = {
    'manifest.csv': csv([
      ['propertyName', 'value'],
      ['manifest.version', '1.0'],
      ['oneroster.version', '1.2'],
      ['file.academicSessions', 'bulk'],
      ['file.orgs', 'bulk'],
      ['file.users', 'bulk'],
      ['file.roles', 'bulk'],
    ]),
    'orgs.csv': csv([
      ['sourcedId', 'status', 'dateLastModified', 'name', 'type', 'identifier', 'parentSourcedId'],
      [org, 'active', '', 'Some School', 'school', '', ''],
    ]),
    'academicSessions.csv': csv([
      [
        'sourcedId',
        'status',
        'dateLastModified',
        'title',
        'type',
        'startDate',
        'endDate',
        'parentSourcedId',
        'schoolYear',
      ],
      ['y', 'active', '', '2026-2027', 'schoolYear', dayFromNow(-108), dayFromNow(225), '', '2027'],
      ['t1', 'active', '', 'Fall 2026', 'term', dayFromNow(-85), dayFromNow(31), 'y', '2027'],
      ['t2', 'active', '', 'Spring 2027', 'term', dayFromNow(55), dayFromNow(206), 'y', '2027'],
    ]),
    'users.csv': csv([
      [
        'sourcedId',
        'status',
        'dateLastModified',
        'enabledUser',
        'username',
        'userIds',
        'givenName',
        'familyName',
        'email',
        'agentSourcedIds',
        'grades',
      ],
      ...input.users.map((user) => [
        user.id,
        user.status ?? 'active',
        '',
        'true',
        user.id,
        '',
        user.given,
        user.family,
        user.email ?? '',
        (user.agents ?? []).join(','),
        user.grades ?? '',
      ]),
    ]),
    'roles.csv': csv([
      [
        'sourcedId',
        'status',
        'dateLastModified',
        'userSourcedId',
        'roleType',
        'role',
        'beginDate',
        'endDate',
        'orgSourcedId',
      ],
      ...input.users.map((user) => [
        `r-${user.id}`,
        'active',
        '',
        user.id,
        'primary',
        user.role,
        '',
        '',
        org,
      ]),
    ]),
    'classes.csv': csv([
      [
        'sourcedId',
        'status',
        'dateLastModified',
        'title',
        'grades',
        'courseSourcedId',
        'classCode',
        'classType',
        'location',
        'schoolSourcedId',
        'termSourcedIds',
      ],
      ...homerooms.map((room) => [room.id, 'active', '', room.title, '', '', '', 'homeroom', '', org, 't1']),
    ]),
    'enrollments.csv': csv([
      [
        'sourcedId',
        'status',
        'dateLastModified',
        'classSourcedId',
        'schoolSourcedId',
        'userSourcedId',
        'role',
        'primary',
        'beginDate',
        'endDate',
      ],
      ...homerooms.flatMap((room) => [
        [`e-${room.id}`, 'active', '', room.id, org, room.teacher, 'teacher', 'true', '', ''],
        ...room.students.map((student) => [
          `e-${student}`,
          'active',
          '',
          room.id,
          org,
          student,
          'student',
          'false',
          '',
          '',
        ]),
      ]),
    ]),
    ...change,
  };
  return zipOf(
    Object.fromEntries(Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== null)),
  );
}

export const csv = (rows: string[][]): string =>
  rows
    .map((cells) =>
      cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(','),
    )
    .join('\r\n');

export async function zipOf(files: Record<string, string | Buffer>): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
