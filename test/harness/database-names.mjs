/** How the databases of a test file are named: of one file, all begin alike. */
import { createHash } from 'node:crypto';

const short = (text, length) => createHash('sha256').update(text).digest('hex').slice(0, length);

/** @param {string} testPath @returns {string} */
export const databasePrefix = (testPath) => `t_${short(testPath, 12)}_`;

/** @param {string} testPath @param {string} purpose @returns {string} */
export const databaseName = (testPath, purpose) => databasePrefix(testPath) + short(purpose, 8);
