/**
 * What the console says after the start: the address, the code of an empty installation, and who can sign in
 * where the sample school is loaded.
 */
import { findAccountByEmail } from './access/account-records.js';
import { passwordMatches } from './access/secrets.js';
import type { LoadedSample } from './sample-school/load-sample-school.js';
import { domain, password as knownPassword, sampleAccountRoles } from './sample-school/staff.js';
import type { Context } from './context.js';
import { configuredOrigin } from './http/origin.js';
import { isEmptyInstallation } from './school/create-school.js';
import { createSetupCode, setupCodeHours } from './school/setup-code.js';
import type { MessageParams } from './errors.js';

/** What a load that has just happened leaves to be said, this once. */
export type LoadedNow = Pick<LoadedSample, 'guestPass' | 'password'>;

/** The first start fills an empty embedded database; it takes a while, so each step is said. */
export async function fillSampleSchool(context: Context): Promise<LoadedNow> {
  const t = (key: string, params = {}) => context.texts.t('en', key, params);
  const { loadSampleSchool } = await import('./sample-school/load-sample-school.js');
  return loadSampleSchool(context, {
    onProgress: (step, done, total) =>
      console.log(t('sample.progress', { done, total, what: t(`sample.step.${step}`) })),
  });
}

/** @param loaded what was loaded in this start, if anything was */
export async function greet(context: Context, port: number, loaded: LoadedNow | null = null): Promise<void> {
  const { config, texts, db } = context;
  const say = (key: string, params: MessageParams = {}) =>
    console.log(texts.t('en', `common.start.${key}`, params));
  const address = configuredOrigin({ ...config, port });
  say('open', { address });
  if (await isEmptyInstallation(db)) {
    if (config.setupCode !== null) say('first-run-settings', { address });
    else say('first-run', { address, code: await createSetupCode(context), count: setupCodeHours });
    return;
  }
  const registrar = await findAccountByEmail(db, `registrar@${domain}`);
  if (!registrar) return;
  if (await passwordMatches(registrar.passwordHash, knownPassword)) say('sample');
  else if (loaded?.password) say('sample-renewed', { password: loaded.password });
  else say('sample-own');
  for (const role of sampleAccountRoles) console.log(`  ${role}@${domain}`);
  if (loaded?.guestPass)
    console.log(texts.t('en', 'sample.guest', { address: `${address}${loaded.guestPass}` }));
}
