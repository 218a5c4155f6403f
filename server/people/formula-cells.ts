/** Cells in which a spreadsheet's formula stands instead of a value: nobody is called `=SUM(1)`. Pure. */

/** What follows these signs may be a name; a call, another cell or a program is none. */
const behindSign = /^[-+@](?:[A-Z][A-Z0-9.]*\(|\$?[A-Z]{1,3}\$?\d+(?!\w)|[^|]*\|[^!]*!)/;
/** What a spreadsheet writes where a formula has failed. */
const failed = /^#(?:REF!|NAME\?|VALUE!|DIV\/0!|NUM!|NULL!|N\/A|SPILL!|CALC!|FIELD!)$/i;

/** Whether the cell has a formula: all that begins with `=`, and behind `+`, `-` and `@` what is no text. */
export function isFormula(text: string): boolean {
  const plain = text.normalize('NFKC');
  return /^=./.test(plain) || behindSign.test(plain);
}

/** Whether the cell has the error of a formula. */
export const isFailedFormula = (text: string): boolean => failed.test(text.normalize('NFKC'));

/** Exports write `="00123"` so that spreadsheets keep the zeros: the text alone. */
export const withoutTextFormula = (text: string): string => /^="([^"]*)"$/.exec(text)?.[1] ?? text;
