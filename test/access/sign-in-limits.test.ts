/** Guessing is stopped where it comes from; nobody is locked out by others, and guessing from everywhere gains nothing. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  attemptsInAll,
  attemptsPerPlace,
  countAttempt,
  placeOf,
} from '../../server/access/sign-in-limits.js';
import { TooMany } from '../../server/errors.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { testClock } from '../harness/test-clock.js';

let app: TestApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

it.each([
  ['203.0.113.7', '203.0.113'],
  ['::ffff:203.0.113.7', '203.0.113'],
  ['2001:db8:1:2::7', '2001:db8:1'],
  ['2001:0db8:0001::', '2001:db8:1'],
  ['fe80::1%eth0', 'fe80:0:0'],
  ['::1', '0:0:0'],
  ['', ''],
])('%s is at the place %s', (address, place) => {
  expect(placeOf(address)).toBe(place);
});

describe('wrong passwords', () => {
  const now = testClock.now();
  const minutesLater = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  const email = () => `${randomUUID()}@one.example`;
  function from(whom: string) {
    const pauses: number[] = [];
    const attempt = (address: string, at = now) =>
      countAttempt(
        { db: app.context.db, now: at, pause: async (milliseconds) => pauses.push(milliseconds) },
        whom,
        address,
      );
    return { pauses, attempt };
  }

  it('ten from one place stop that place alone, for a quarter of an hour', async () => {
    const { attempt } = from(email());
    for (let count = 0; count < attemptsPerPlace; count += 1) await attempt(`203.0.113.${count}`);
    await expect(attempt('203.0.113.99')).rejects.toThrow(TooMany);
    await expect(attempt('198.51.100.1')).resolves.toBeDefined();
    await expect(attempt('203.0.113.99', minutesLater(16))).resolves.toBeDefined();
  });

  it('from many places they take longer and longer and are stopped, but never where the account is known', async () => {
    const { attempt, pauses } = from(email());
    await (await attempt('192.0.2.1')).wasRight();
    for (let count = 0; count < attemptsInAll; count += 1) await attempt(`10.${count}.0.1`);
    expect(pauses[0]).toBe(100);
    expect(Math.max(...pauses)).toBe(2000);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
    await expect(attempt('10.200.0.1')).rejects.toThrow(TooMany);
    const slowed = pauses.length;
    await (await attempt('192.0.2.44')).wasRight();
    await (await attempt('192.0.2.1', minutesLater(27 * 24 * 60))).wasRight();
    expect(pauses).toHaveLength(slowed);
  });

  it('right ones never count', async () => {
    const { attempt, pauses } = from(email());
    for (let count = 0; count < 3 * attemptsPerPlace; count += 1)
      await (await attempt('192.0.2.1')).wasRight();
    expect(pauses).toEqual([]);
  });
});
