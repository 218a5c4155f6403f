import { slowTests } from './test/harness/test-parts.mjs';

/** Jest in ESM mode; swc strips the types, `tsc --noEmit` checks them separately. */
export default {
  testEnvironment: '<rootDir>/test/harness/database-environment.mjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.TEST_PART === 'fast' ? slowTests() : [])],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^@node-rs/argon2$': '<rootDir>/test/harness/quick-argon2.mjs',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  globalSetup: '<rootDir>/test/harness/start-services.mjs',
  globalTeardown: '<rootDir>/test/harness/stop-services.mjs',
  testTimeout: 60000,
  maxWorkers: 3,
  // The modules of hundreds of files are never let go: a worker of 2.5 GB makes the machine slow.
  workerIdleMemoryLimit: '1GB',
};
