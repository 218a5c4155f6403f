import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readVerificationCode } from '../../server/transcript/transcript.js';
import { aCohort, issueAll, type TestCohort } from '../harness/builders/transcript.js';
import { startApp, type TestApp, withPublicAddress } from '../harness/start-app.js';

let app: TestApp;
let cohort: TestCohort;
let issued: { id: string; code: string; number: string };
let pdf: Buffer;
beforeAll(async () => {
  app = await startApp(withPublicAddress);
  cohort = await aCohort(app, { names: ['Amina Warsame-Okonkwo'] });
  await issueAll(cohort, { studentIds: [cohort.students[0]!.id] });
  const registrar = await cohort.as('registrar');
  issued = (await registrar.get('/transcripts')).json<{ items: (typeof issued)[] }>().items[0]!;
  pdf = (await registrar.get(`/transcripts/${issued.id}.pdf`)).bytes;
});
afterAll(() => app.close());

function upload(bytes: Uint8Array): FormData {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'application/pdf' }), 'transcript.pdf');
  return form;
}
interface Verification {
  state: string;
  student: string;
  compared: { identical: boolean };
}

describe('verification by a stranger', () => {
  it('shows what was issued, without an account', async () => {
    const answer = await app.visitor().get(`/verify/${issued.code}`);
    expect(answer.json()).toMatchObject({
      number: issued.number,
      state: 'issued',
      student: 'Amina Warsame-Okonkwo',
      school: cohort.home.school.name,
    });
    expect(answer.text).not.toContain('Quintanilla');
  });

  it.each([
    ['as printed', (code: string) => code],
    ['in small letters', (code: string) => code.toLowerCase()],
    ['without hyphens', (code: string) => code.replaceAll('-', '')],
  ])('takes the code %s', async (_how, typed) => {
    expect((await app.visitor().get(`/verify/${typed(issued.code)}`)).status).toBe(200);
  });

  it.each([
    ['too short', 'K7QF'],
    ['not one of our letters', 'K7QF-2MXN-8RT0'],
    ['nothing', ''],
  ])('a code is not: %s', (_what, typed) => {
    expect(readVerificationCode(typed)).toBeNull();
  });

  it('says when nothing was issued under a code, and keeps what was typed', async () => {
    expect((await app.visitor().get('/verify/2222-3333-4444')).status).toBe(404);
    const form = await app.visitor().post('/verify', { code: '2222 3333 4444' }, { as: 'page' });
    expect(form.status).toBe(422);
    expect(form.text).toContain('value="2222 3333 4444"');
    expect(form.text).toContain('No transcript was issued under this code');
  });

  it('the issued file is identical; one changed byte, one more, or another file is not', async () => {
    const compare = async (bytes: Uint8Array) =>
      (await app.visitor().send('POST', `/verify/${issued.code}`, upload(bytes))).json<Verification>()
        .compared;
    expect(await compare(pdf)).toMatchObject({ identical: true, bytes: pdf.length });
    const changed = Buffer.from(pdf);
    changed[changed.length >> 1]! ^= 1;
    expect(await compare(changed)).toMatchObject({ identical: false });
    expect(await compare(Buffer.concat([pdf, Buffer.from('\n')]))).toMatchObject({ identical: false });
    expect(await compare(Buffer.from('hello'))).toMatchObject({ identical: false });
  });

  it('asks for a file when none was chosen', async () => {
    const answer = await app.visitor().send('POST', `/verify/${issued.code}`, upload(new Uint8Array()));
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('"file"');
  });

  it('a revoked one says so, without the reason; it stays readable and is not revoked twice', async () => {
    const registrar = await cohort.as('registrar');
    const revoke = (reason: string) => registrar.post(`/transcripts/${issued.id}/revoke`, { reason });
    expect((await revoke('')).status).toBe(422);
    expect((await revoke('A secret reason')).json()).toMatchObject({
      state: 'revoked',
      reason: 'A secret reason',
    });
    expect((await revoke('Again')).status).toBe(409);
    const seen = await app.visitor().get(`/verify/${issued.code}`);
    expect(seen.json()).toMatchObject({ state: 'revoked' });
    expect(seen.text).not.toContain('secret');
    expect((await (await cohort.as('student')).get(`/transcripts/${issued.id}`)).text).not.toContain(
      'secret',
    );
    expect((await registrar.get(`/transcripts/${issued.id}.pdf`)).bytes.equals(pdf)).toBe(true);
  });

  it('cannot be tried without end', async () => {
    const visitor = app.visitor();
    let last = 200;
    for (let attempt = 0; attempt < 80 && last !== 429; attempt += 1) {
      last = (await visitor.get('/verify/2222-3333-4444')).status;
    }
    expect(last).toBe(429);
    for (let more = 0; more < 70; more += 1)
      expect((await app.visitor().get(`/verify/${issued.code}`)).status).toBe(200);
  });
});
