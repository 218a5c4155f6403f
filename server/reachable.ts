/** Whether an address is this machine alone. Whatever is not certain counts as reachable by others. */
import { isIPv4, isIPv6 } from 'node:net';

/** `127.0.0.1`, `127.8.0.1`, `::1`, `[::1]`, `::ffff:127.0.0.1`, `localhost`, `school.localhost`. */
export function isLoopbackHost(host: string): boolean {
  const bare = host
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1');
  const mapped = bare.replace(/^::ffff:(?=\d+\.)/, '');
  if (isIPv4(mapped)) return mapped.startsWith('127.');
  if (isIPv6(bare)) return new URL(`http://[${bare}]`).hostname === '[::1]';
  return bare === 'localhost' || bare.endsWith('.localhost');
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
