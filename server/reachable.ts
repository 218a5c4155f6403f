/** Whether an address is this machine alone. Whatever is not certain counts as reachable by others. */
import { isIPv4, isIPv6 } from 'node:net';

/** Names of this machine that systems write into `/etc/hosts`, and every name below `localhost`. */
const loopbackName =
  /^(.+\.)?localhost$|^localhost\.localdomain$|^localhost[46]?(\.localdomain[46])?$|^ip6-(localhost|loopback)$/;

/** Without brackets, the dot at the end of a whole name, and the IPv6 way of writing an IPv4 address. */
function bareHost(host: string): string {
  const bare = host
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  if (!isIPv6(bare)) return bare;
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined || low === undefined) return short;
  const [front, back] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [front >> 8, front & 255, back >> 8, back & 255].join('.');
}

/** `127.0.0.1`, `127.8.0.1`, `::1`, `[::1]`, `::ffff:127.0.0.1`, `localhost`, `school.localhost`. */
export function isLoopbackHost(host: string): boolean {
  const bare = bareHost(host);
  if (isIPv4(bare)) return bare.startsWith('127.');
  return bare === '::1' || loopbackName.test(bare);
}

/**
 * Whether an address with this host leads everybody to their own machine: as above, or to no machine at all
 * (`0.0.0.0`, `::`), which systems read the same way. To listen on, those two mean the opposite.
 */
export function isThisMachineOnly(host: string): boolean {
  const bare = bareHost(host);
  return isLoopbackHost(bare) || bare === '' || bare === '::' || (isIPv4(bare) && bare.startsWith('0.'));
}

/**
 * Whether people beyond this machine reach the server: directly, or through a proxy in front of it.
 * @param publicUrl the address that people use; null where none is set
 * @param trustProxy number of proxies in front
 */
export function isReachable(host: string, publicUrl: string | null | undefined, trustProxy: number): boolean {
  if (!isLoopbackHost(host) || trustProxy > 0) return true;
  return publicUrl ? !isLoopbackHost(new URL(publicUrl).hostname) : false;
}
