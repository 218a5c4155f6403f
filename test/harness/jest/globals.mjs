/** `@jest/globals` of one test file. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } =
  globalThis.jestGlobals;
