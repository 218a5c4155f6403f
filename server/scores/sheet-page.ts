/** What only the pages of a score sheet show beside what programs get of it. Pure. */
import { workDisplay } from '../artifacts/show-place.js';
import { withPinData } from './evidence-view.js';
import { conflictChoices, type SheetView } from './score-sheet-view.js';

/** From so many rows on a sheet may be shown one row at a time. */
const LONG_RUBRIC_ROWS = 5;
export const isLong = ({ criteria, takesScores }: SheetView): boolean =>
  takesScores && criteria.length >= LONG_RUBRIC_ROWS;

/** The words of the rubric in their own language and direction, where these are not the page's. */
export const rubricPart = (locale: string, view: SheetView) => ({
  isLong: isLong(view),
  rubricWords:
    view.rubric.language === locale ? null : { lang: view.rubric.language, dir: view.rubric.direction },
});

/** The pattern that the page's script fills in. */
const emptyConflict = {
  operationId: '',
  field: '',
  choices: ['mine', 'theirs'].map((keep) => ({ keep, notObserved: false, words: '' })),
};

/** What only the page shows: the two answers of a conflict at the row that they belong to. */
export function withConflicts(view: SheetView): object {
  const overallConflicts = conflictChoices(view, null);
  return {
    ...view,
    overallConflicts,
    /** With the office: how much is answered no longer says how far the sheet is. */
    handedIn: view.takesLate && view.late?.state === 'waiting',
    hungPieces:
      view.work?.pieces.map((piece) => ({ ...workDisplay(piece, null), isEarlier: piece.isEarlier })) ?? [],
    conflictPattern: emptyConflict,
    overallInConflict: overallConflicts.length > 0,
    criteria: view.criteria.map((row) => {
      const conflicts = conflictChoices(view, row.id);
      return { ...withPinData(row), conflicts, inConflict: conflicts.length > 0 };
    }),
  };
}
