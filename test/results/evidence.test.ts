import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findResult } from '../../server/results/result-records.js';
import { resultHash } from '../../server/results/result.js';
import { findSchool, saveSchoolChange } from '../../server/school/school-records.js';
import { anArtifact } from '../harness/builders/artifacts.js';
import { aPin, aPinningPanel } from '../harness/builders/pins.js';
import { anOperation, fillSheet } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { publishSlot, reviseOn } from '../harness/builders/publishing.js';

const vision = 'commitment-to-personal-vision';
const corner = { kind: 'region', x: 0.1, y: 0.2, width: 0.3, height: 0.4 };

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

/** Three sheets are in; the first has pinned five places to the first row. */
async function aProvenPanel() {
  const panel = await aPinningPanel(app);
  const { version, send, slotId } = panel;
  await send([
    aPin(vision, version.picture, corner, 'canary: the joint'),
    aPin(vision, version.pdf, { kind: 'page', page: 2 }),
    aPin(vision, version.sound, { kind: 'time', from: 3, to: 5 }),
    aPin(vision, version.text, { kind: 'passage', quote: 'It held', start: 0 }),
    aPin(vision, version.link, { kind: 'whole' }),
  ]);
  for (const [at, level] of ['extending', 'meeting', 'meeting'].entries()) {
    await fillSheet(await panel.as(`panelist-${at}`), panel.seats[at]!.id, [level]);
  }
  const evidence = `/slots/${slotId}/result/evidence/${vision}`;
  const publish = async () => {
    const done = await publishSlot(await panel.as('registrar'), slotId);
    expect(done.status).toBe(200);
  };
  return { ...panel, evidence, publish, result: async () => (await findResult(panel.home.scope, slotId))! };
}

describe('the proof under a level', () => {
  it('is shown at each place of the frozen version', async () => {
    const { as, slotId, evidence, publish } = await aProvenPanel();
    await publish();
    const student = await as('student');
    const result = (await student.get(`/slots/${slotId}/result`, { as: 'page' })).text;
    expect(result.replaceAll('&#x3D;', '=')).toContain(`${evidence}?level=extending`);
    expect(result.replaceAll('&#x3D;', '=')).not.toContain(`${evidence}?level=meeting`);
    expect(result).toContain('5 pins');
    const page = (await student.get(`${evidence}?level=extending`, { as: 'page' })).text;
    expect(page).toMatch(/file\?version&#x3D;1#page&#x3D;2|file\?version=1#page=2/);
    expect(page.replaceAll('&#x3D;', '=')).toContain('#t=3,5');
    expect(page.replaceAll('&#x3D;', '=')).toContain('<mark>It held</mark>');
    expect(page).toContain('x="0.1" y="0.2" width="0.3" height="0.4"');
    for (const words of ['canary: the joint', 'https://chairs.example/', 'Page 2', '0:03 to 0:05'])
      expect(page).toContain(words);
    expect((await student.get(`${evidence}?level=meeting`)).json<{ said: object[] }>().said).toHaveLength(2);
    expect((await student.get(`${evidence}?level=none-such`)).status).toBe(404);
  });

  it('opens to those who may see the result, files included, and to nobody else', async () => {
    const { as, artifact, evidence, publish, people, home } = await aProvenPanel();
    const file = `/artifacts/${artifact.picture}/file?version=1`;
    const marked = `/artifacts/${artifact.picture}?version=1&at=region:0.1,0.2,0.3,0.4`;
    const before = { student: 403, guardian: 403, registrar: 200, 'panelist-1': 200, otherStudent: 403 };
    for (const [who, status] of Object.entries(before))
      expect([who, (await (await as(who)).get(evidence)).status]).toEqual([who, status]);
    await publish();
    const readers = ['student', 'guardian', 'advisor', 'registrar', 'admin', 'panelist-0', 'panelist-2'];
    for (const who of readers) {
      const client = await as(who);
      const seen = [evidence, file, marked].map(async (path) => (await client.get(path)).status);
      expect([who, ...(await Promise.all(seen))]).toEqual([who, 200, 200, 200]);
    }
    for (const who of ['otherStudent', 'otherAdvisor']) {
      const client = await as(who);
      const seen = [evidence, file, marked].map(async (path) => (await client.get(path)).status);
      expect([who, ...(await Promise.all(seen))]).toEqual([who, 403, 403, 403]);
    }
    // A newer version is not what was pinned, and is not for the panel.
    await anArtifact(app, home, { studentId: people.student.id });
    expect((await (await as('panelist-0')).get(`/artifacts/${artifact.picture}?version=2`)).status).toBe(404);
  });

  it('is part of what the hash of the result covers', async () => {
    const { publish, result, seats } = await aProvenPanel();
    await publish();
    const frozen = await result();
    const sheet = frozen.sheets.find(({ seatId }) => seatId === seats[0]!.id)!;
    const pins = Object.values(sheet.responses[vision]!.pins!);
    expect(pins).toHaveLength(5);
    expect(resultHash(frozen)).toBe(frozen.hash);
    pins[0]!.note = 'Something else';
    expect(resultHash(frozen)).not.toBe(frozen.hash);
    // Sheets without pins are frozen as they always were.
    const other = frozen.sheets.find(({ seatId }) => seatId === seats[1]!.id)!;
    expect(other.responses[vision]).not.toHaveProperty('pins');
  });

  it('follows a voice that has revised its level, and leads to no name where roles alone are shown', async () => {
    const { as, seatId, slotId, evidence, publish, seats, home } = await aProvenPanel();
    const revision = {
      id: 'a-revision-1',
      criterionId: vision,
      levelId: 'meeting',
      reason: 'I heard it again',
    };
    const revised = await reviseOn(await as('panelist-0'), { slotId, seatId }, revision);
    expect(revised.status).toBeLessThan(300);
    const { scope } = home;
    const school = (await findSchool(scope, scope.schoolId))!;
    await saveSchoolChange(scope, { policies: { ...school.policies, voices: 'by-role' } });
    await publish();
    const student = await as('student');
    const said = (await student.get(`${evidence}?level=meeting`)).json<{ said: { pins: object[] }[] }>().said;
    expect(said.map(({ pins }) => pins.length).sort()).toEqual([0, 0, 5]);
    const page = (await student.get(evidence)).text;
    for (const name of ['Noor Haddad', seats[0]!.id]) expect(page).not.toContain(name);
    expect((await (await as('registrar')).get(evidence)).text).toContain('Noor Haddad');
  });
});

it('a removed pin proves nothing', async () => {
  const { send, version, client, seatId, as, slotId } = await aPinningPanel(app);
  const pin = aPin(vision, version.picture, corner);
  await send([pin, anOperation({ kind: 'remove-pin', criterionId: vision, pinId: pin.pin.id })]);
  await fillSheet(client, seatId, ['meeting']);
  const seen = (await (await as('registrar')).get(`/slots/${slotId}/result`)).json<{
    criteria: { evidence: object[] }[];
  }>();
  expect(seen.criteria[0]!.evidence).toEqual([]);
});
