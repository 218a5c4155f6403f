/**
 * The rules as the board of a day needs them: what the slots break now, and what a move by hand would break
 * besides. Only reads.
 */
import type { SchoolScope } from '../db/database.js';
import type { Exhibition } from '../exhibitions/exhibition.js';
import { gatherProblem } from './gather-problem.js';
import type { PlannedSlot } from './problem.js';
import { brokenRules, type BrokenRule, type RuleKind } from './rules.js';
import { findSchedule } from './schedule-records.js';
import type { ExhibitionPorts, BrokenRuleFact } from '../exhibitions/exhibition-ports.js';
import type { RulePorts } from '../exhibitions/exhibition-ports.js';

/** Nobody may accept these: the move itself is refused, in words of its own. */
const refused: readonly RuleKind[] = [
  'not-placed',
  'room-twice',
  'room-taken',
  'person-twice',
  'person-elsewhere',
];
/** At a gallery the stands share the hall, and its visitors walk from stand to stand. */
const notAtGalleries: readonly RuleKind[] = ['room-twice', 'person-twice'];

export function slotRules(ports: Pick<ExhibitionPorts, 'listSheetStates'>): RulePorts {
  async function gather(
    scope: SchoolScope,
    exhibition: Exhibition,
    more: Parameters<typeof gatherProblem>[4],
  ) {
    const schedule = await findSchedule(scope, exhibition.id);
    return gatherProblem(ports, scope, exhibition, schedule, { ...more, onlyStanding: true });
  }
  return {
    async listBrokenRules(scope, exhibition, known) {
      const { problem, plan } = await gather(scope, exhibition, { known });
      const hidden = exhibition.format === 'gallery' ? notAtGalleries : [];
      return brokenRules(problem, plan)
        .filter(({ kind, slotIds }) => slotIds.length > 0 && !hidden.includes(kind))
        .map(factOf);
    },
    async listRulesBrokenBy(scope, exhibition, moved) {
      const there = new Map(
        moved.map(({ id, startsAt, minutes, room }) => [id, { startsAt: startsAt.getTime(), minutes, room }]),
      );
      const { problem, plan } = await gather(scope, exhibition, { also: [...there.values()] });
      const after = plan.slots.map((slot) => ({ ...slot, ...there.get(slot.id) }));
      const broken = (slots: PlannedSlot[]) =>
        brokenRules(problem, { slots }).filter(
          ({ kind, slotIds }) => slotIds.some((id) => there.has(id)) && !refused.includes(kind),
        );
      const before = new Set(broken(plan.slots).map(nameOf));
      return broken(after)
        .filter((each) => !before.has(nameOf(each)))
        .map(factOf);
    },
  };
}

const nameOf = ({ kind, personId, slotIds }: BrokenRule): string =>
  [kind, personId ?? '', ...slotIds].join(' ');
const factOf = ({ kind, slotIds, message, params }: BrokenRule): BrokenRuleFact => ({
  rule: kind,
  slotIds,
  message,
  params,
});
