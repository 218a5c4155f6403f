/** The name under which a transcript is saved. */
import { describe, expect, it } from '@jest/globals';
import { contentDisposition } from '../../server/http/content-disposition.js';
import { fileName } from '../../server/transcript/transcript.js';

describe('the file name of a transcript', () => {
  it.each([
    ['Zoë Ñandú', 'RB-1 Zoë Ñandú.pdf'],
    ['陈雨桐', 'RB-1 陈雨桐.pdf'],
    ['Ann\u202efdp.exe', 'RB-1 Annfdp.exe.pdf'],
    ['A/B: "C"\r\n', 'RB-1 A B C.pdf'],
    ['\u2066\u2069', 'RB-1.pdf'],
  ])('of %j is %j', (studentName, name) => {
    expect(fileName({ number: 'RB-1', studentName })).toBe(name);
  });

  it('goes out without marks that turn the direction of writing, whatever was stored before', () => {
    expect(contentDisposition('attachment', 'Ann\u202efdp.exe')).toBe('attachment; filename="Annfdp.exe"');
  });
});
