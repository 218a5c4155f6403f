/** What the console says after the start: the address, and who can sign in where the sample school is loaded. */
import { countAccounts } from './access/account-records.js';
import type { Context } from './context.js';

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

export async function greet(context: Context, port: number): Promise<void> {
  const { config } = context;
  const shownHost = loopback.has(config.host) ? 'localhost' : config.host;
  const address = config.publicUrl ?? `http://${shownHost}:${port}`;
  console.log(`Vitrine is open at ${address}`);
  if ((await countAccounts(context.db)) === 0) console.log(`Create your school at ${address}/first-run`);
}
