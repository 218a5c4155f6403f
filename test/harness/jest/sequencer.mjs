/**
 * The order of the test files. Without the times of an earlier run jest begins with the largest file, but the
 * files that take longest are short: begun last, one of them would go on for minutes while the other workers
 * have nothing left to do.
 */
import path from 'node:path';
import Sequencer from '@jest/test-sequencer';
import { longestTests } from '../test-parts.mjs';

const rankOf = ({ path: file }) => {
  const at = longestTests.findIndex((name) => file.endsWith(path.normalize(`/test/${name}`)));
  return at < 0 ? longestTests.length : at;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort([...tests]);
    return sorted.sort((a, b) => rankOf(a) - rankOf(b));
  }
}
