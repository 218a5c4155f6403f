/**
 * The part of a result page about "met" and "not yet": what was said, what is proposed, the other attempts,
 * and the forms.
 */
import { localMoment } from '../exhibitions/day-and-time.js';
import { mayPlan } from '../exhibitions/exhibition.js';
import type { Call } from '../http/route.js';
import { isGuardianOf, isOwn } from '../people/person.js';
import { proposeAttainment } from './attainment.js';
import { attainmentView, attemptsView, attainmentProposalView, unneededView } from './attainment-view.js';
import { gatherAttempts, type AttemptsFacts } from './gather-attempts.js';
import type { SlotPanel, Talk } from './gather-result.js';
import { firstToCome } from './plan-attempt.js';
import { mayPublish } from './result.js';
import type { CriterionTally } from './tally.js';

type PageCall = Pick<Call, 'actor' | 'scope' | 't' | 'timeZone' | 'locale' | 'context'>;

/** What everybody gets who may see the voices; `forms` is for the page alone. */
export async function attainmentPart(
  call: PageCall,
  panel: SlotPanel,
  { rows, talk, rolesOnly }: { rows: CriterionTally[]; talk: Talk; rolesOnly: boolean },
) {
  const { rubric, result, exhibition } = panel;
  const facts = await gatherAttempts(call.scope, call.actor, panel);
  const said = result?.attainment;
  const bar = exhibition.bar ?? null;
  const proposal =
    !result && bar
      ? attainmentProposalView(rubric, bar, proposeAttainment(rubric, bar, rows, talk.decisions))
      : null;
  const attempts = facts ? attemptsView(facts) : [];
  const own = isOwn(call.actor, panel.student);
  const unneeded = facts ? unneededView(facts) : null;
  const next = attempts.find((each) => each.attempt > panel.slot.attempt) ?? null;
  return {
    attainment: said ? attainmentView(rubric, said, rolesOnly) : null,
    proposal,
    attempts,
    attemptsState: facts?.state ?? null,
    unneeded,
    forms: {
      own,
      reader: own ? 'own' : isGuardianOf(call.actor, panel.student) ? 'family' : 'staff',
      next,
      presented: next?.published ?? false,
      several: attempts.length > 1,
      publish: !result && mayPublish(call.actor, panel) ? publishForm(call, panel, proposal) : null,
      choose: result && facts?.mayChoose ? chooseForm(call, attempts, facts.state) : null,
      again: facts?.places ? againForm(call, panel, facts.places) : null,
    },
  };
}

function publishForm(
  { t }: PageCall,
  { rubric, exhibition }: SlotPanel,
  proposal: ReturnType<typeof attainmentProposalView> | null,
) {
  const outcomes = [...(exhibition.bar ? [] : ['none']), 'met', 'not-yet'];
  return {
    hasBar: proposal !== null,
    outcome: proposal ? proposal.outcome : 'none',
    outcomes: outcomes.map((value) => ({ value, label: t(`results.say.${value}`) })),
    missed: proposal?.missed.map(({ id }) => id) ?? [],
    rows: rubric.criteria.map(({ id, name }) => ({ value: id, label: name })),
  };
}

function chooseForm(
  { t, locale, timeZone }: PageCall,
  attempts: ReturnType<typeof attemptsView>,
  state: string | null,
) {
  const published = attempts.filter((each) => each.published);
  if (published.length < 2) return null;
  const day = (iso: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }).format(new Date(iso));
  const chosen = published.find((each) => each.counts && each.by === 'choice');
  return {
    state,
    value: chosen?.slotId ?? '',
    options: [
      { value: '', label: t('results.attempts.rule') },
      ...published.map((each) => ({
        value: each.slotId,
        label: t('results.attempts.choice', { attempt: each.attempt, date: day(each.startsAt) }),
      })),
    ],
  };
}

function againForm(call: PageCall, panel: SlotPanel, places: NonNullable<AttemptsFacts['places']>) {
  const { t, timeZone, context } = call;
  const now = context.clock.now();
  const place = firstToCome(places, now, timeZone);
  const soon = new Date(now.getTime() + 7 * 86_400_000);
  soon.setUTCMinutes(0, 0, 0);
  return {
    attempt: panel.slot.attempt + 1,
    startsAt: localMoment(place?.startsAt ?? soon, timeZone),
    room: panel.slot.room,
    minutes: panel.slot.minutes,
    // Where none is still to come a person says which one it is.
    exhibitionId: place?.id ?? '',
    exhibitions: places.map((each) => ({
      value: each.id,
      label: mayPlan(each) ? each.title : t('results.again.reopens', { title: each.title }),
    })),
  };
}
