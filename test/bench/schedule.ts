/**
 * How good a timetable is found, and how fast: 120 students, 12 rooms, 60 panelists over two days. Prints a
 * markdown table; the bound is proven, so the gap is the most that could still be gained. `npm run bench
 * schedule [-- STUDENTS ROOMS PANELISTS]`
 */
import { boundsOf } from '../../server/schedule/bounds.js';
import { compile } from '../../server/schedule/compile.js';
import { connectedness } from '../../server/schedule/connectedness.js';
import { solve } from '../../server/schedule/solve.js';
import { aBigSchool } from '../schedule/big-school.js';

const [students = 120, rooms = 12, panelists = 60] = process.argv.slice(2).map(Number);
const shapes = [
  { days: 2, perDay: 7 },
  { days: 1, perDay: 11 },
];
const of = (value: number, bounded: number) => `${value} (≥ ${bounded})`;

console.log(`${students} students, ${rooms} rooms, ${panelists} panelists, Node ${process.version}\n`);
console.log(
  '| days × times | seed | seconds | of processor | cost | bound | gap | room changes | load excess | family away | groups |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|');
for (const shape of shapes) {
  for (const seed of [1, 2, 3]) {
    const problem = aBigSchool(seed, { students, rooms, panelists, ...shape });
    const started = performance.now();
    const before = process.cpuUsage();
    const { state, cost, bound, slots, reasons, broken } = solve(problem, { seed });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const processor = (process.cpuUsage(before).user / 1_000_000).toFixed(1);
    const where = `${shape.days} × ${shape.perDay} | ${seed} | ${seconds} | ${processor}`;
    if (state !== 'planned' || !cost || bound === null) {
      console.log(`| ${where} | ${state}: ${JSON.stringify(reasons.slice(0, 3))} ${broken.length} broken |`);
      continue;
    }
    const least = boundsOf(compile(problem));
    const cells = [
      ...[cost.total, bound, cost.total - bound, of(cost.roomChanges, least.roomChanges)],
      ...[of(cost.loadExcess, least.loadExcess), of(cost.familyAway, least.familyAway)],
      connectedness({ slots }).groups.length,
    ];
    console.log(`| ${where} | ${cells.join(' | ')} |`);
  }
}
