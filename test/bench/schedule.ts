/**
 * How good a timetable is found, and how fast: 120 students, 12 rooms, 60 panelists over two days. Prints a markdown table; the
 * bound is proven, so the gap is the most that could still be gained.
 * `npm run bench schedule [-- STUDENTS ROOMS PANELISTS]`
 */
import { boundsOf } from '../../server/schedule/bounds.js';
import { compile } from '../../server/schedule/compile.js';
import { connectedness } from '../../server/schedule/connectedness.js';
import { solve } from '../../server/schedule/solve.js';
import { aBigSchool } from '../schedule/big-school.js';

const [students = 120, rooms = 12, panelists = 60] = process.argv.slice(2).map(Number);
const size = { students, rooms, panelists };

console.log(`${students} students, ${rooms} rooms, ${panelists} panelists, Node ${process.version}\n`);
console.log(
  '| seed | seconds | result | cost | bound | gap | room changes | load excess | family away | groups |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|');
for (const seed of [1, 2, 3]) {
  const problem = aBigSchool(seed, size);
  const started = performance.now();
  const { state, cost, bound, slots, reasons, broken } = solve(problem, { seed });
  const seconds = (performance.now() - started) / 1000;
  const least = boundsOf(compile(problem));
  const groups = connectedness({ slots }).groups.length;
  if (!cost || bound === null) {
    console.log(`| ${seed} | ${seconds.toFixed(1)} | ${state}: ${JSON.stringify(reasons.slice(0, 3))} |`);
    continue;
  }
  const of = (value: number, bounded: number) => `${value} (≥ ${bounded})`;
  const cells = [
    ...[
      seed,
      seconds.toFixed(1),
      state + (broken.length ? ` ${broken.length} broken` : ''),
      cost.total,
      bound,
    ],
    ...[cost.total - bound, of(cost.roomChanges, least.roomChanges), of(cost.loadExcess, least.loadExcess)],
    ...[of(cost.familyAway, least.familyAway), groups],
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
