/** Works for tests, each with a student of its own unless one is given. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addArtifact } from '../../../server/artifacts/add-artifact.js';
import { typeOfContent } from '../../../server/artifacts/file-type.js';
import { scriptActor } from '../../../server/access/actor.js';
import type { TestApp, TestSchool } from '../start-app.js';

/** The smallest picture there is: one dot. */
export const dotPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export interface ArtifactInput {
  studentId?: string;
  title?: string;
  caption?: string;
  altText?: string;
  name?: string;
  bytes?: Buffer;
  text?: string;
  url?: string;
}

export async function anArtifact(app: TestApp, school: TestSchool, input: ArtifactInput = {}) {
  const studentId =
    input.studentId ?? (await school.person({ name: `Student ${randomUUID()}`, roles: ['student'] })).id;
  const words = {
    title: input.title ?? 'A chair of one sheet',
    caption: input.caption ?? '',
    altText: input.altText ?? '',
  };
  const actor = scriptActor(school.scope, 'test');
  if (input.text !== undefined || input.url !== undefined) {
    const work =
      input.url === undefined
        ? { kind: 'text' as const, text: input.text ?? '' }
        : { kind: 'link' as const, url: input.url };
    return addArtifact(app.context, school.scope, actor, { studentId, work, words });
  }
  const bytes = input.bytes ?? dotPng;
  const folder = await mkdtemp(path.join(tmpdir(), 'vitrine-artifact-'));
  try {
    const place = path.join(folder, 'file');
    await writeFile(place, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const type = await typeOfContent(bytes.subarray(0, 65_536));
    const file = { name: input.name ?? 'chair.png', bytes: bytes.length, sha256, type, place };
    return await addArtifact(app.context, school.scope, actor, {
      studentId,
      work: { kind: 'file', file },
      words,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A multipart form with files under `files`, as the page sends it. */
export function uploadForm(
  files: { name: string; bytes: Buffer | string; claim?: string }[],
  fields: Record<string, string> = {},
) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  for (const { name, bytes, claim } of files) {
    data.append(
      'files',
      new Blob([new Uint8Array(Buffer.from(bytes))], { type: claim ?? 'image/jpeg' }),
      name,
    );
  }
  return data;
}
