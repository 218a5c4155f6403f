/**
 * `npm run setup-code`: prints one more code that opens an empty installation, beside a running server or without one.
 */
import { ConfigError, readConfig } from '../config.js';
import { openContext } from '../context.js';
import { AppError } from '../errors.js';
import { createTexts } from '../rendering/texts.js';
import { isEmptyInstallation } from '../school/create-school.js';
import { createSetupCode, setupCodeHours } from '../school/setup-code.js';
import { printHelp } from './print-help.js';

const usage = `npm run setup-code
Prints one more code that opens an empty installation.`;
const texts = createTexts();
const t = (key: string, params = {}) => texts.t('en', key, params);

async function run(): Promise<number> {
  const context = await openContext(readConfig(), { mode: 'tool' });
  try {
    if (!(await isEmptyInstallation(context.db))) {
      console.error(t('school.setup-code.open-already'));
      return 1;
    }
    console.log(t('school.setup-code.made', { code: await createSetupCode(context), count: setupCodeHours }));
    return 0;
  } finally {
    await context.close();
  }
}

if (!printHelp(usage))
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
