/** The part of the network that an address belongs to: what one household, school or office has. */
import { isIP } from 'node:net';

/** Longer than any address, zone included; a proxy may hand on anything. */
const MAX_ADDRESS = 64;

/**
 * `203.0.113.7` → `203.0.113`, `2001:db8:1:2::7` → `2001:db8:1`: nobody gains by changing addresses within
 * their own network.
 */
export function subnetOf(address: string): string {
  const bare = address
    .slice(0, MAX_ADDRESS)
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .split('%', 1)[0]!;
  if (isIP(bare) === 4) return bare.split('.').slice(0, 3).join('.');
  if (isIP(bare) !== 6) return bare;
  const [head = '', tail = ''] = bare.toLowerCase().split('::');
  const [left, right] = [head, tail].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = bare.includes('::') ? [...left, ...zeros, ...right] : left;
  return groups
    .slice(0, 3)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
