/**
 * What is erased of a person among results: their own, unless the school keeps what was issued. In those of
 * others their voice and what they decided stay, without the name; words that they left as a visitor go.
 */
import { frozen } from '../audit/frozen-record.js';
import {
  erasing,
  isOneOf,
  keeping,
  nameFor,
  rewriting,
  withoutMaker,
  type ErasedPerson,
  type ErasePart,
} from '../person-traces.js';
import { removeAttemptChoicesOf, saveChooserUnnamed } from './attempt-choice-records.js';
import { frozenOfChoice } from './attempts.js';
import { frozenOfDecision, type Decision } from './decision.js';
import { removeDecisionsAbout, saveDeciderUnnamed, saveDecisionMakerUnnamed } from './decision-records.js';
import {
  asResult,
  removeEarlierResultsOf,
  saveEarlierUnnamed,
  type EarlierResult,
} from './earlier-result-records.js';
import { nameOfResult, resultHash, type FrozenSheet, type Result } from './result.js';
import { countKeptResults, removeResultsOf, saveResultsUnnamed } from './result-records.js';
import { saveOpenerUnnamed } from './reveal-records.js';
import { removeRevisionsAbout, saveRevisionMakerUnnamed } from './revision-records.js';

function sheetWithoutName(sheet: FrozenSheet, person: ErasedPerson): FrozenSheet {
  const named = withoutMaker(sheet, person);
  if (!isOneOf(person, sheet.panelistId)) return named;
  return { ...named, panelistName: person.mark, ...(sheet.visit ? { overallComment: '' } : {}) };
}

const decisionWithoutName = (decision: Decision, person: ErasedPerson): Decision => ({
  ...withoutMaker(decision, person),
  decidedByName: nameFor(person, decision.decidedBy, decision.decidedByName),
});

function resultWithoutName(result: Result, person: ErasedPerson): Result {
  const { decisions, revisions, visits, attainment, correction } = result;
  const after: Result = {
    ...withoutMaker(result, person),
    sheets: result.sheets.map((sheet) => sheetWithoutName(sheet, person)),
    ...(decisions ? { decisions: decisions.map((each) => decisionWithoutName(each, person)) } : {}),
    ...(revisions ? { revisions: revisions.map((each) => withoutMaker(each, person)) } : {}),
    ...(visits ? { visits: visits.filter(({ personId }) => !isOneOf(person, personId)) } : {}),
    ...(attainment
      ? { attainment: { ...attainment, byName: nameFor(person, attainment.by, attainment.byName) } }
      : {}),
    ...(correction
      ? {
          correction: {
            ...withoutMaker(correction, person),
            byName: nameFor(person, correction.by, correction.byName),
          },
        }
      : {}),
  };
  return { ...after, unnamedHash: resultHash(after) };
}

const earlierWithoutName = (version: EarlierResult, person: ErasedPerson): EarlierResult => ({
  ...resultWithoutName(asResult(version), person),
  ...{ id: version.id, slotId: version.slotId },
});
const unnamedRecord = (result: Result) => [
  { kind: 'unnamed result' as const, id: nameOfResult(result), hash: result.unnamedHash! },
];
const bothKinds = (result: Result) => [
  { kind: 'result' as const, id: nameOfResult(result) },
  { kind: 'unnamed result' as const, id: nameOfResult(result) },
];

export const erasePersonFromResults: readonly ErasePart[] = [
  erasing('result', removeResultsOf, bothKinds),
  erasing(null, removeEarlierResultsOf, (version) => bothKinds(asResult(version))),
  keeping('result', countKeptResults),
  rewriting('result-of-others', saveResultsUnnamed, resultWithoutName, { records: unnamedRecord }),
  rewriting(null, saveEarlierUnnamed, earlierWithoutName, {
    records: (version) => unnamedRecord(asResult(version)),
  }),
  erasing('decision', removeDecisionsAbout, ({ id }) => [{ kind: 'decision', id }]),
  rewriting('decision', saveDeciderUnnamed, decisionWithoutName, {
    records: (decision) => frozen('decision', decision.id, frozenOfDecision(decision)).records,
  }),
  rewriting(null, saveDecisionMakerUnnamed, withoutMaker),
  erasing('revision', removeRevisionsAbout, ({ id }) => [{ kind: 'revision', id }]),
  rewriting(null, saveRevisionMakerUnnamed, withoutMaker),
  rewriting(
    'reveal',
    saveOpenerUnnamed,
    (reveal, { mark }) => (reveal.opened ? { ...reveal, opened: { ...reveal.opened, byName: mark } } : null),
    { records: (reveal) => frozen('reveal', reveal.id, reveal.opened).records },
  ),
  erasing('attempt-choice', removeAttemptChoicesOf, ({ id }) => [{ kind: 'attempt choice', id }]),
  rewriting('attempt-choice', saveChooserUnnamed, (choice, { mark }) => ({ ...choice, chosenByName: mark }), {
    records: (choice) => frozen('attempt choice', choice.id, frozenOfChoice(choice)).records,
  }),
];
