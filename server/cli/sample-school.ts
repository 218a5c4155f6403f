/**
 * `npm run sample`: loads the sample school on demand, also beside a running server. Refuses a database of somebody's own: accounts
 * with a well-known password exist nowhere but in the embedded one.
 */
import { ConfigError, readConfig } from '../config.js';
import { openContext } from '../context.js';
import { AppError } from '../errors.js';
import { createTexts } from '../rendering/texts.js';
import { loadSampleSchool } from './sample/load-sample-school.js';
import { password } from './sample/staff.js';

const texts = createTexts();
const t = (key: string, params = {}) => texts.t('en', key, params);

async function run(): Promise<number> {
  const config = readConfig();
  if (config.database.kind === 'external') {
    console.error(t('sample.problem.external'));
    return 1;
  }
  const context = await openContext(config, { mode: 'tool' });
  try {
    const { accounts, fresh, guestPass } = await loadSampleSchool(context, {
      onProgress: (step, done, total) =>
        console.log(t('sample.progress', { done, total, what: t(`sample.step.${step}`) })),
    });
    console.log(t(fresh ? 'sample.loaded' : 'sample.there'));
    for (const { email, name, role } of accounts)
      console.log(`  ${email.padEnd(30)} ${t(`common.role.${role}`)}: ${name}`);
    console.log(t('sample.password', { password }));
    if (guestPass) console.log(t('sample.guest', { address: `${config.publicUrl ?? ''}${guestPass}` }));
    return 0;
  } finally {
    await context.close();
  }
}

run().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (error instanceof ConfigError) console.error(error.message);
    else if (error instanceof AppError) console.error(t(error.messageKey, error.params));
    else console.error(error);
    process.exitCode = 1;
  },
);
