import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  codeAlphabet,
  expiryOf,
  newPass,
  passHash,
  passState,
  readCode,
  spacedCode,
} from '../../server/exhibitions/passes/pass.js';

const key = Buffer.alloc(32, 7);
const now = new Date('2026-11-23T09:00:00Z');
const slotEnds = new Date('2026-11-23T10:00:00Z');
const issue = () => newPass(key, now, slotEnds);

describe('a new pass', () => {
  it('has a secret of at least 128 bits and a code of six unambiguous characters', () => {
    const { faces } = issue();
    expect(Buffer.from(faces.secret, 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    expect(faces.code).toHaveLength(6);
    expect([...faces.code].every((each) => codeAlphabet.includes(each))).toBe(true);
    expect(codeAlphabet).not.toMatch(/[ILOU]/);
    expect(new Set(codeAlphabet).size).toBe(32);
  });

  it('is stored without either face in it', () => {
    const { faces, pass } = issue();
    const stored = JSON.stringify(pass);
    expect(stored).not.toContain(faces.secret);
    expect(stored).not.toContain(faces.code);
    expect(pass.secretHash).toMatch(/^[0-9a-f]{64}$/);
    expect(pass.codeHash).not.toBe(pass.secretHash);
  });

  it('is found again by its hash with this key only', () => {
    const { faces, pass } = issue();
    expect(passHash(key, 'code', faces.code)).toBe(pass.codeHash);
    expect(passHash(Buffer.alloc(32, 8), 'code', faces.code)).not.toBe(pass.codeHash);
    expect(passHash(key, 'secret', faces.code)).not.toBe(pass.codeHash);
  });

  it('uses every character about equally often', () => {
    const seen = new Map<string, number>();
    for (let each = 0; each < 4000; each += 1)
      for (const letter of issue().faces.code) seen.set(letter, (seen.get(letter) ?? 0) + 1);
    expect(seen.size).toBe(32);
    for (const count of seen.values()) expect(Math.abs(count - 750)).toBeLessThan(200);
  });
});

describe('a typed code', () => {
  it.each([
    ['as printed', 'K3M9QX', 'K3M9QX'],
    ['with the gap', 'K3M 9QX', 'K3M9QX'],
    ['small letters and a dash', ' k3m-9qx ', 'K3M9QX'],
    ['O for zero', 'KOM9QX', 'K0M9QX'],
    ['I and l for one', 'KIM9lX', 'K1M91X'],
    ['U for V', 'KUM9QX', 'KVM9QX'],
    ['full-width letters', 'Ｋ３Ｍ９ＱＸ', 'K3M9QX'],
    ['too short', 'K3M9Q', null],
    ['too long', 'K3M9QXX', null],
    ['nothing', '', null],
    ['another script', 'ሀለሐመሠረ', null],
  ])('%s', (_name, typed, expected) => {
    expect(readCode(typed)).toBe(expected);
  });

  it('any code comes back from however it is spaced and cased', () => {
    const code = fc
      .array(fc.constantFrom(...codeAlphabet), { minLength: 6, maxLength: 6 })
      .map((each) => each.join(''));
    fc.assert(fc.property(code, (each) => readCode(spacedCode(each).toLowerCase()) === each));
  });
});

describe('how long a pass opens the door', () => {
  it('two days after the presentation, and at least half a day from now', () => {
    expect(expiryOf(now, slotEnds).toISOString()).toBe('2026-11-25T10:00:00.000Z');
    expect(expiryOf(new Date('2026-12-01T09:00:00Z'), slotEnds).toISOString()).toBe(
      '2026-12-01T21:00:00.000Z',
    );
  });

  it.each([
    ['none', null, '2026-11-23T09:00:00Z'],
    ['valid', {}, '2026-11-25T09:59:59Z'],
    ['expired', {}, '2026-11-25T10:00:00Z'],
    ['revoked', { revokedAt: now }, '2026-11-23T09:00:01Z'],
    ['revoked', { revokedAt: now }, '2026-12-25T09:00:01Z'],
  ])('is %s (%j) at %s', (expected, change, moment) => {
    const pass = change && { ...issue().pass, ...change };
    expect(passState(pass, new Date(moment))).toBe(expected);
  });
});
