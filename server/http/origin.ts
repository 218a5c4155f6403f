/**
 * Where people reach this installation, for the addresses that leave the page: QR codes, signs, calendars,
 * links for a password. Anybody can send any `Host`, so without PUBLIC_URL it counts only where it names this
 * machine. No other file reads it.
 */
import { isIPv6 } from 'node:net';
import { hostname } from 'node:os';
import type { Config } from '../config.js';
import type { Call } from './route.js';
import { isLoopbackHost } from '../reachable.js';

/** @returns e.g. `https://vitrine.school.example`, without a slash at the end */
export const originOf = ({ context, request }: Pick<Call, 'context' | 'request'>): string => {
  const { publicUrl, host } = context.config;
  if (publicUrl) return publicUrl;
  const { localAddress = '127.0.0.1', localPort = context.config.port } = request.socket;
  const own = { address: localAddress.replace(/^::ffff:(?=\d+\.)/, ''), port: localPort };
  const asked = request.headers.host ?? '';
  if (isOwnHost(asked, own, [host, hostname(), `${hostname()}.local`]))
    return `${request.protocol}://${asked}`;
  return machineOrigin(own.address, own.port);
};

/**
 * By which name this machine is called everywhere: at the start, in codes and on transcripts. Only two
 * addresses are what `localhost` leads to.
 */
function machineOrigin(address: string, port: number): string {
  const name = ['127.0.0.1', '::1'].includes(address) ? 'localhost' : address;
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}`;
}

/** The same where no request is at hand: what the settings say, e.g. for the code on a transcript and at the start. */
export function configuredOrigin({
  publicUrl,
  host,
  port,
}: Pick<Config, 'publicUrl' | 'host' | 'port'>): string {
  return publicUrl ?? machineOrigin(host, port);
}

/**
 * Whether a `Host` is this server: its port, and the address that the connection came in by, or one of the
 * machine's names.
 * @param own where the connection came in
 * @param names of the machine
 */
export function isOwnHost(
  asked: string,
  own: { address: string; port: number },
  names: readonly string[],
): boolean {
  const [, name = '', port = '80'] = /^([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(asked) ?? [];
  if (name === '' || Number(port) !== own.port) return false;
  const bare = name.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return isLoopbackHost(bare) || [own.address, ...names].some((each) => each.toLowerCase() === bare);
}
