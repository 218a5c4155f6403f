import { describe, expect, it } from '@jest/globals';
import { DateTime, IANAZone } from 'luxon';
import {
  canonicalZone,
  isZone,
  sameZone,
  zoneGroups,
  zoneLabel,
  zoneNames,
} from '../../server/school/time-zones.js';
import { at, clocksGoBack } from '../harness/test-clock.js';

const winter = at('12:00', clocksGoBack);

describe('time zones', () => {
  it.each([
    ['America/Los_Angeles', 'Los Angeles (America), UTC−8'],
    ['Europe/Berlin', 'Berlin (Europe), UTC+1'],
    ['Africa/Abidjan', 'Abidjan (Africa), UTC+0'],
    ['UTC', 'UTC'],
    ['Etc/GMT+5', 'Etc/GMT+5, UTC−5'],
    ['Mars/Olympus', 'Mars/Olympus'],
  ])('calls %s %s', (name, label) => expect(zoneLabel(name, winter)).toBe(label));

  it('lists every name that a browser can report, under its own and its older name', () => {
    expect(zoneNames()).toEqual(
      expect.arrayContaining([
        ...['Asia/Kolkata', 'Asia/Calcutta', 'Europe/Kyiv', 'Europe/Kiev', 'Asia/Ho_Chi_Minh', 'Asia/Saigon'],
        ...[
          'America/Argentina/Buenos_Aires',
          'America/Ciudad_Juarez',
          'US/Eastern',
          'Etc/GMT+5',
          'UTC',
          'GMT',
        ],
        ...['Asia/Kathmandu', 'Asia/Yangon', 'America/Nuuk', 'Pacific/Kanton', 'Atlantic/Faroe'],
        ...Intl.supportedValuesOf('timeZone'),
      ]),
    );
  });

  it('lists only names that Intl and luxon can work with, each once', () => {
    const names = zoneNames();
    expect(names.filter((name) => !IANAZone.isValidZone(name))).toEqual([]);
    expect(names.filter((name) => !DateTime.fromMillis(0, { zone: name }).isValid)).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['links', 'Asia/Kolkata', 'Asia/Calcutta', true],
    ['a renamed zone', 'Europe/Kyiv', 'Europe/Kiev', true],
    ['two zones with one offset', 'Europe/Berlin', 'Europe/Paris', false],
    ['an unknown name', 'Moon/Base', 'UTC', false],
  ])('compares %s by the zone they mean', (_case, a, b, same) => expect(sameZone(a, b)).toBe(same));

  it.each(['Moon/Base', '', '+05:30', 'CT', '../UTC', 'Asia/Kolkata '])('"%s" is no zone', (name) => {
    expect([isZone(name), canonicalZone(name)]).toEqual([false, null]);
  });

  it('offers what a person would choose, and what is stored', () => {
    const offered = (chosen?: string) =>
      zoneGroups('Other', winter, chosen).flatMap(({ options }) => options.map(({ value }) => value));
    expect(offered()).toEqual(expect.arrayContaining(['America/New_York', 'Asia/Kolkata', 'UTC']));
    expect(offered().filter((name) => /^(Etc|US)\/|GMT|^[A-Z]{3}$/.test(name))).toEqual(['UTC']);
    expect(offered('Etc/GMT+5')).toContain('Etc/GMT+5');
    expect(offered('US/Eastern')).toContain('US/Eastern');
    const [common, ...others] = zoneGroups('Other', winter, 'America/Denver', (key) => `in words: ${key}`);
    expect(common!.options.map(({ value }) => value).slice(0, 2)).toEqual([
      'America/New_York',
      'America/Chicago',
    ]);
    expect(common!.options[0]!.label).toBe('in words: school.zone-name.eastern');
    // Each is there once, so that what is stored is chosen once.
    const all = [common!, ...others].flatMap(({ options }) => options.map(({ value }) => value));
    expect(all.filter((value) => value === 'America/Denver')).toHaveLength(1);
    expect(new Set(all)).toEqual(new Set(offered('America/Denver')));
  });

  it('groups them by continent and keeps a stored name in the list', () => {
    const groups = zoneGroups('Other', winter, 'Mars/Olympus');
    expect(groups.find(({ label }) => label === 'Asia')?.options).toContainEqual({
      value: 'Asia/Kolkata',
      label: 'Kolkata (Asia), UTC+5:30',
    });
    expect(groups.find(({ label }) => label === 'America')?.options).toContainEqual({
      value: 'America/Argentina/Buenos_Aires',
      label: 'Buenos Aires (Argentina, America), UTC−3',
    });
    expect(groups.find(({ label }) => label === 'Mars')).toBeDefined();
    expect(groups.find(({ label }) => label === 'Other')?.options.map(({ value }) => value)).toContain('UTC');
  });
});
