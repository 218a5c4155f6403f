import { slowTests } from './test/harness/test-parts.mjs';

/** Modules are loaded by Node (test/harness/jest); swc strips the types, `tsc --noEmit` checks them separately. */
export default {
  runtime: '<rootDir>/test/harness/jest/runtime.cjs',
  testEnvironment: '<rootDir>/test/harness/database-environment.mjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.TEST_PART === 'fast' ? slowTests() : [])],
  transform: {},
  globalSetup: '<rootDir>/test/harness/start-services.mjs',
  globalTeardown: '<rootDir>/test/harness/stop-services.mjs',
  testSequencer: '<rootDir>/test/harness/jest/sequencer.mjs',
  testTimeout: 60000,
  maxWorkers: 3,
  // The modules of hundreds of files are never let go: a worker of 2.5 GB makes the machine slow.
  workerIdleMemoryLimit: '1500MB',
};
