import everything from '../../jest.config.mjs';
import { unitTests } from './test-parts.mjs';

const { runtime, testEnvironment, transform } = everything;

/** Jest for `npm run test:unit`: the pure files alone, with nothing started beside them. */
export default {
  rootDir: '../..',
  testMatch: unitTests(),
  runtime,
  testEnvironment,
  transform,
};
