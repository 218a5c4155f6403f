import { describe, expect, it } from '@jest/globals';
import { judgePassword, MAX_PASSWORD } from '../../server/access/new-password.js';

const ada = ['Ada Lovelace', 'Zoë Núñez', 'ada.byron@riverbend.example', 'Riverbend Public School'];

describe('a new password', () => {
  it.each([
    ['short', 'tiny one', 'short'],
    ['short in signs that take two units each', '🦦🦦🦊🦊🐻', 'short'],
    ['a common one', '1q2w3e4r5t', 'common'],
    ['a common one in capitals', 'QWERTYUIOP', 'common'],
    ['a common one with digits behind', 'Password1234', 'common'],
    ['a common one with digits before', '2024football', 'common'],
    ['a common one in other signs', 'P@ssw0rd!2024', 'common'],
    ['a season and a year', 'Summer2026!', 'common'],
    ['a common one twice', 'dragon dragon', 'common'],
    ['a common one twice without a gap', 'trustno1trustno1', 'common'],
    ['a common one again and again', 'monkey-monkey-monkey', 'common'],
    ['one sign', 'aaaaaaaaaaaa', 'simple'],
    ['two signs', 'abababababab', 'simple'],
    ['a row', 'hijklmnopqr', 'simple'],
    ['a row backward', '98765432109', 'simple'],
    ['a short thing repeated', 'aB3$aB3$aB3$aB', 'simple'],
    ['the own name', 'AdaLovelace', 'own'],
    ['the own name and a year', 'AdaLovelace2026', 'own'],
    ['the own name in other signs', '4d4.L0velace!', 'own'],
    ['the own name backward', 'ecalevol-1815', 'own'],
    ['the own name without its accents', 'ZoeNunez-99', 'own'],
    ['the own name with a common word', 'lovelace-password', 'own'],
    ['the address', 'byron@riverbend', 'own'],
    ['the school', 'riverbend-2026', 'own'],
    ['the school and what it is', 'public school riverbend', 'own'],
    ['the product', 'vitrine-2026', 'own'],
  ])('%s is refused: %s', async (_case, password, flaw) => {
    expect(await judgePassword(password, ada)).toBe(flaw);
  });

  it.each([
    'correct horse battery',
    'a long enough one',
    'a new long one',
    'seven quiet otters',
    'K7QF-2M9X-8PRA',
    'canada mountain lake',
    'grüne Wälder am See',
    '我在河边的学校学习画画',
    'd8!kq0-Zp2',
    'adamant otters paint',
  ])('%s is taken', async (password) => expect(await judgePassword(password, ada)).toBeNull());

  it('own words of two letters say nothing', async () => {
    expect(await judgePassword('golden otters swim', ['Jo Ng', 'jo@ng.example'])).toBeNull();
  });

  it.each([
    ['one sign', 'a'.repeat(MAX_PASSWORD)],
    ['two signs', 'ab'.repeat(MAX_PASSWORD / 2)],
    ['nearly repeated', `${'a'.repeat(MAX_PASSWORD - 1)}b`],
    ['the own name', 'ada'.repeat(MAX_PASSWORD / 3)],
    ['signs for letters', '4@3$'.repeat(MAX_PASSWORD / 4)],
  ])('the longest one of %s is judged like any other', async (_case, password) => {
    const many = Array.from({ length: 40 }, (_none, at) => `${'ada'.repeat(90)}${at}`);
    expect(await judgePassword(password, [...ada, ...many])).not.toBeNull();
  });
});
