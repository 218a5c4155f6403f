/**
 * A portfolio as its student has it before them: begun over HTTP, its JSON, and its form as a browser would send it.
 */
import { expect } from '@jest/globals';
import type { Client } from './client.js';

interface Entry {
  id: string;
  artifactId: string;
  reflection: string;
  criterionIds: string[];
}
export interface View {
  id: string;
  revision: number;
  state: string;
  title: string;
  latestSnapshot: number;
  rubric: { slug: string; hash: string } | null;
  entries: Entry[];
}

export async function beginPortfolio(
  student: Client,
  studentId: string,
  body: Record<string, unknown> = {},
): Promise<View> {
  const reply = await student.post(`/students/${studentId}/portfolios`, {
    title: 'What wood can do',
    ...body,
  });
  expect([reply.status, reply.text]).toEqual([201, expect.any(String)]);
  return reply.json<View>();
}

/** The fields of the form as a browser would send them. */
export const formOf = (view: View) => ({
  title: view.title,
  statement: '',
  revision: view.revision,
  ...Object.fromEntries(
    view.entries.flatMap((entry, at) => [
      [`entries.${at}.id`, entry.id],
      [`entries.${at}.artifactId`, entry.artifactId],
      [`entries.${at}.reflection`, entry.reflection],
    ]),
  ),
});
