import { describe, expect, it } from '@jest/globals';
import {
  mayChangeSettings,
  mayPlan,
  movesFrom,
  moveVerbs,
  permitMove,
  phases,
  type MoveVerb,
  type Phase,
  type PhaseFacts,
} from '../../server/exhibitions/exhibition.js';
import { Conflict, InvalidInput } from '../../server/errors.js';

const facts = (change: Partial<PhaseFacts> = {}): PhaseFacts => ({
  slots: 3,
  seats: 6,
  sheetsInDraft: 0,
  sheetsSubmitted: 0,
  ...change,
});

const refusal = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('it was allowed');
};

describe('phases of an exhibition', () => {
  const permitted: Record<Phase, Partial<Record<MoveVerb, Phase>>> = {
    draft: { open: 'open' },
    open: { score: 'scoring', withdraw: 'draft' },
    scoring: { close: 'closed', pause: 'open' },
    closed: { reopen: 'scoring' },
  };

  it.each(
    phases.flatMap((phase) => moveVerbs.map((verb) => ({ phase, verb, to: permitted[phase][verb] ?? null }))),
  )('$verb from $phase leads to $to', ({ phase, verb, to }) => {
    if (to) expect(permitMove(phase, verb, facts(), 'The hall is flooded').to).toBe(to);
    else {
      const error = refusal(() => permitMove(phase, verb, facts(), 'The hall is flooded'));
      expect(error).toBeInstanceOf(Conflict);
      expect((error as Conflict).messageKey).toBe(`exhibition.problem.no-${verb}-from-${phase}`);
    }
  });

  it('every phase has a way on, and every step can be taken back', () => {
    for (const phase of phases) expect(movesFrom(phase).length).toBeGreaterThan(0);
    for (const move of phases.flatMap(movesFrom).filter((each) => !each.back)) {
      const back = movesFrom(move.to).find((each) => each.to === move.from);
      expect(back?.back).toBe(true);
    }
  });

  it.each<[string, Phase, MoveVerb, Partial<PhaseFacts>, string]>([
    ['open without a slot', 'draft', 'open', { slots: 0 }, 'exhibition.problem.open-needs-slot'],
    ['score without a seat', 'open', 'score', { seats: 0 }, 'exhibition.problem.score-needs-seat'],
    [
      'pause when a sheet is in',
      'scoring',
      'pause',
      { sheetsSubmitted: 1 },
      'exhibition.problem.pause-has-sheets',
    ],
    [
      'withdraw when a sheet was begun',
      'open',
      'withdraw',
      { sheetsInDraft: 1 },
      'exhibition.problem.withdraw-has-sheets',
    ],
  ])('refuses to %s', (_name, phase, verb, change, key) => {
    const error = refusal(() => permitMove(phase, verb, facts(change), 'because'));
    expect((error as Conflict).messageKey).toBe(key);
  });

  it.each<[string, Phase, MoveVerb, Partial<PhaseFacts>]>([
    ['a step back: pause', 'scoring', 'pause', {}],
    ['a step back: withdraw', 'open', 'withdraw', {}],
    ['a step back: reopen', 'closed', 'reopen', {}],
    ['closing over unfinished sheets', 'scoring', 'close', { sheetsInDraft: 2 }],
  ])('%s needs a reason', (_name, phase, verb, change) => {
    const error = refusal(() => permitMove(phase, verb, facts(change), '  '));
    expect(error).toBeInstanceOf(InvalidInput);
    expect((error as InvalidInput).fields[0]?.field).toBe('reason');
    expect(permitMove(phase, verb, facts(change), 'The fire alarm').verb).toBe(verb);
  });

  it('closing when all sheets are in needs no reason', () => {
    expect(permitMove('scoring', 'close', facts({ sheetsSubmitted: 6 }), '').to).toBe('closed');
  });

  it('settings change in draft alone, planning goes on until it closes', () => {
    expect(phases.map((phase) => mayChangeSettings({ phase }))).toEqual([true, false, false, false]);
    expect(phases.map((phase) => mayPlan({ phase }))).toEqual([true, true, true, false]);
  });
});
