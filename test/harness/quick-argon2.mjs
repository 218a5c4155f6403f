/**
 * The password hashes of tests: argon2id, made with the least work that it allows, because thousands of test
 * people have passwords. Real processes, which journeys start, hash at full cost;
 * `access/password-cost.test.ts` looks at one.
 */
// By its path: its name leads here.
import argon2 from '../../node_modules/@node-rs/argon2/index.js';

/** @param {string} password */
export const hash = (password) => argon2.hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 });
export const verify = argon2.verify;
