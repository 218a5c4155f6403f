/** The files rosters come in: every encoding and separator schools send is read; what is no roster is refused at the field. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { zipOf } from '../harness/builders/roster.js';
import { rosterDesk, type RosterDesk } from '../harness/roster-desk.js';
import { startApp, type TestApp } from '../harness/start-app.js';

describe('the file of a roster', () => {
  let app: TestApp;
  let desk: RosterDesk;
  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    desk = await rosterDesk(app);
  });

  it.each([
    [
      'a byte order mark and semicolons',
      Buffer.from('\ufeffRolle;id;First Name;Last Name\r\n;1;Jürgen;Groß\r\n'),
      'Jürgen Groß',
    ],
    ['tabs in UTF-16', Buffer.from('\ufeffid\tname\n1\tÅsa Öberg\n', 'utf16le'), 'Åsa Öberg'],
    ['Windows-1252', Buffer.from('id,name\n1,José Núñez\n', 'latin1'), 'José Núñez'],
    [
      'quotes and line breaks inside a cell',
      Buffer.from('id,name,organisation\n1,"O""Neil, Sam","Line one\nline two"\n'),
      'O"Neil, Sam',
    ],
    [
      'Arabic, Chinese and Amharic',
      Buffer.from('id,given name,family name\n1,ليلى,حسن\n2,雨桐,陈\n3,መቅደስ,ታደሰ\n'),
      'መቅደስ ታደሰ',
    ],
  ])('reads %s', async (_name, bytes, person) => {
    const outcome = await desk.bringIn(bytes);
    expect(outcome.errors).toEqual([]);
    expect([...(await desk.everybody()).keys()]).toContain(person);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0, 10, 0, 0])],
    ['a table without names', Buffer.from('id,grade\n1,10\n')],
    ['an open quotation mark', Buffer.from('id,name\n1,"Anna\n')],
    ['a damaged zip', Buffer.from('PK\x03\x04 this is no zip')],
  ])('refuses %s at the field, and changes nothing', async (_name, bytes) => {
    const reply = await desk.send(bytes);
    expect(reply.status).toBe(422);
    expect(reply.json<{ error: { fields: { field: string }[] } }>().error.fields).toEqual([
      expect.objectContaining({ field: 'roster' }),
    ]);
    expect((await desk.everybody()).size).toBe(1);
  });

  it('refuses a zip bomb before it fills the memory, and a file over the limit', async () => {
    const bomb = await zipOf({
      'manifest.csv': 'propertyName,value\n',
      'users.csv': Buffer.alloc(200 * 1024 * 1024, 'a'),
    });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect((await desk.send(bomb, {}, 'bomb.zip')).status).toBe(422);
    expect((await desk.send(Buffer.alloc(16 * 1024 * 1024, 'a'))).status).toBe(413);
  });
});
