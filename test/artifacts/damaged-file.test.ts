/** Files that were cut off on their way: kept, but said to be what they are wherever they would be shown. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { newId } from '../../server/ids.js';
import { aPortfolio } from '../harness/builders/portfolio.js';
import { dotPng, uploadForm } from '../harness/builders/artifacts.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** A photograph of noise, so that its bytes are spread over all of it. */
const photograph = (format: 'jpeg' | 'png' | 'webp' | 'gif'): Promise<Buffer> =>
  sharp({
    create: {
      ...{ width: 240, height: 160, channels: 3, background: '#888' },
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .toFormat(format)
    .toBuffer();
const cutOff = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2));
const pdf = Buffer.from(
  `%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n${'%'.repeat(200)}\nstartxref\n9\n%%EOF\n`,
);

interface Added {
  artifacts: { id: string; title: string; version: { shown: string } }[];
  outcomes: { name: string; problem: string | null; warning: string | null }[];
}

async function aStudent() {
  const school = await app.aSchool();
  const email = `${newId()}@students.example`;
  const person = await school.person({ name: 'Inés Rojas', roles: ['student'], email });
  return { school, person, client: await app.as(email) };
}

const warning = 'This file can’t be shown: it is damaged, or part of it is missing.';

describe('a file that came in damaged', () => {
  it('is told from a whole one, in every format, and costs none of the others', async () => {
    const { person, client } = await aStudent();
    const files = [];
    for (const format of ['jpeg', 'png', 'webp', 'gif'] as const) {
      const whole = await photograph(format);
      files.push(
        { name: `whole.${format}`, bytes: whole },
        { name: `cut.${format}`, bytes: cutOff(whole) },
        // Some cameras write something after the picture.
        { name: `longer.${format}`, bytes: Buffer.concat([whole, Buffer.from('and more')]) },
      );
    }
    files.push(
      { name: 'whole.pdf', bytes: pdf },
      { name: 'cut.pdf', bytes: cutOff(pdf) },
      { name: 'dot.png', bytes: dotPng },
      { name: 'notes.txt', bytes: Buffer.from('Half a sen') },
    );
    const reply = await client.send('POST', `/students/${person.id}/artifacts`, uploadForm(files));
    expect(reply.status).toBe(201);
    const { artifacts, outcomes } = reply.json<Added>();
    const damaged = files.map(({ name }) => name).filter((name) => name.startsWith('cut.'));
    expect(outcomes.filter(({ problem }) => problem !== null)).toEqual([]);
    expect(outcomes.filter((each) => each.warning !== null).map(({ name }) => name)).toEqual(damaged);
    for (const each of outcomes) if (each.warning !== null) expect(each.warning).toContain(warning);
    const shown = artifacts.map(({ version }) => version.shown);
    expect(outcomes.filter((_each, at) => shown[at] === 'damaged').map(({ name }) => name)).toEqual(damaged);
  });

  it('is said to be damaged after the upload, on its page, in the portfolio and in what is submitted', async () => {
    const { school, person, client } = await aStudent();
    const bytes = cutOff(await photograph('jpeg'));
    const sent = await client.send(
      'POST',
      `/students/${person.id}/artifacts`,
      uploadForm([{ name: 'roof.jpg', bytes }]),
      { as: 'page' },
    );
    expect(sent.status).toBe(303);
    const page = await client.get(sent.headers.get('location')!, { as: 'page' });
    expect(page.text).toContain('Added, but “roof.jpg” can’t be shown');
    expect(page.text).toContain(warning);
    expect(page.text).not.toContain('<img');
    const artifactId = /\/artifacts\/([\w-]+)/.exec(sent.headers.get('location')!)![1]!;
    // Only whoever can add it again is told to.
    const again = 'If it opens on your device, add it again.';
    expect((await client.get(`/artifacts/${artifactId}`, { as: 'page' })).text).toContain(again);
    const email = `${newId()}@staff.example`;
    await school.person({ name: 'Ada Reader', roles: ['registrar'], email });
    const read = await (await app.as(email)).get(`/artifacts/${artifactId}`, { as: 'page' });
    expect([read.text.includes(warning), read.text.includes(again)]).toEqual([true, false]);
    const portfolio = await aPortfolio(app, school, { studentId: person.id, artifactIds: [artifactId] });
    const draft = await client.get(`/portfolios/${portfolio.id}`, { as: 'page' });
    expect(draft.text).toContain(warning);
    const review = await client.get(`/portfolios/${portfolio.id}/submit`, { as: 'page' });
    expect(review.text).toContain(warning);
    const submitted = await client.post(`/portfolios/${portfolio.id}/submit`, {
      revision: portfolio.revision,
    });
    expect(submitted.status).toBeLessThan(300);
    const frozen = await client.get(`/portfolios/${portfolio.id}/snapshots/1`, { as: 'page' });
    expect(frozen.text).toContain(warning);
    // What there is of it can still be saved.
    const file = await client.get(`/artifacts/${artifactId}/file?version=1`);
    expect(file.status).toBe(200);
  });
});
