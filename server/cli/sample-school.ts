/**
 * `npm run sample`: loads the sample school on demand, also beside a running server. Refuses a database of
 * somebody's own: accounts with a well-known password exist nowhere but in the embedded one.
 * `--new-passwords` gives its accounts a random one. Exit code: 0 done, 1 not possible, 2 wrong call.
 */
import { parseArgs } from 'node:util';
import { readConfig } from '../config.js';
import { openContext, type Context } from '../context.js';
import { explainProblem } from '../explain-problem.js';
import { createTexts } from '../rendering/texts.js';
import { printHelp } from './print-help.js';
import { loadSampleSchool } from '../sample-school/load-sample-school.js';
import { hasKnownPassword, resetSamplePasswords } from '../sample-school/sample-passwords.js';
import { password as knownPassword } from '../sample-school/staff.js';

const usage = `npm run sample [-- --new-passwords]
Loads the sample school into the embedded database and prints who can sign in.
--new-passwords  gives the accounts of a sample school that is loaded already a new random password`;
const texts = createTexts();
const t = (key: string, params = {}) => texts.t('en', key, params);

function readNewPasswords(): boolean | null {
  try {
    return parseArgs({ options: { 'new-passwords': { type: 'boolean', default: false } } }).values[
      'new-passwords'
    ];
  } catch {
    return null;
  }
}

async function run(): Promise<number> {
  const newPasswords = readNewPasswords();
  if (newPasswords === null) {
    console.error(usage);
    return 2;
  }
  const config = readConfig();
  if (config.database.kind === 'external') {
    console.error(t('sample.problem.external'));
    return 1;
  }
  const context = await openContext(config, { mode: 'tool' });
  try {
    if (newPasswords) return await renewPasswords(context);
    const { accounts, fresh, guestPass, password } = await loadSampleSchool(context, {
      onProgress: (step, done, total) =>
        console.log(t('sample.progress', { done, total, what: t(`sample.step.${step}`) })),
    });
    console.log(t(fresh ? 'sample.loaded' : 'sample.there'));
    for (const { email, name, role } of accounts)
      console.log(`  ${email.padEnd(30)} ${t(`common.role.${role}`)}: ${name}`);
    const shown = password ?? ((await hasKnownPassword(context)) ? knownPassword : null);
    console.log(shown ? t('sample.password', { password: shown }) : t('sample.password-own'));
    if (guestPass) console.log(t('sample.guest', { address: `${config.publicUrl ?? ''}${guestPass}` }));
    return 0;
  } finally {
    await context.close();
  }
}

async function renewPasswords(context: Context): Promise<number> {
  const password = await resetSamplePasswords(context);
  if (password) console.log(t('sample.renewed', { password }));
  else console.error(t('sample.problem.not-here'));
  return password ? 0 : 1;
}

if (!printHelp(usage))
  run().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      console.error(explainProblem(error, texts) ?? error);
      process.exitCode = 1;
    },
  );
