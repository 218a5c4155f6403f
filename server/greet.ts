/** What the console says after the start: the address, and who can sign in where the sample school is loaded. */
import { countAccounts, findAccountByEmail } from './access/account-records.js';
import type { Context } from './context.js';

/**
 * The first start fills an empty embedded database; it takes a while, so each step is said.
 * @returns the path of the pass of a guest who is expected right now; it is shown this once
 */
export async function fillSampleSchool(context: Context): Promise<string | null> {
  const t = (key: string, params = {}) => context.texts.t('en', key, params);
  const { loadSampleSchool } = await import('./cli/sample/load-sample-school.js');
  const { guestPass } = await loadSampleSchool(context, {
    onProgress: (step, done, total) =>
      console.log(t('sample.progress', { done, total, what: t(`sample.step.${step}`) })),
  });
  return guestPass;
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);
const sampleRoles = ['student', 'advisor', 'panelist', 'guardian', 'registrar', 'admin', 'network'] as const;

export async function greet(context: Context, port: number, guestPass: string | null = null): Promise<void> {
  const { config, texts } = context;
  const say = (key: string, params: Record<string, string> = {}) =>
    console.log(texts.t('en', `common.start.${key}`, params));
  const here = loopback.has(config.host);
  const address = config.publicUrl ?? `http://${here ? 'localhost' : config.host}:${port}`;
  say('open', { address });
  if ((await countAccounts(context.db)) === 0) {
    say('first-run', { address });
    return;
  }
  if (!(await findAccountByEmail(context.db, 'registrar@riverbend.example'))) return;
  say('sample');
  for (const role of sampleRoles) console.log(`  ${role}@riverbend.example`);
  if (guestPass) console.log(texts.t('en', 'sample.guest', { address: `${address}${guestPass}` }));
  if (!here) console.warn(texts.t('en', 'common.start.exposed', { host: config.host }));
}
