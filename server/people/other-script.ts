/**
 * The name of somebody in other letters than the printed one, where the record has both. Never a name that
 * only the office knows. Pure.
 */
import { alphabetOf } from '../rendering/written-language.js';
import type { Person } from './person.js';

/**
 * `محمد الأحمد` and `Mohammed Al-Ahmad`: the name as they write it, and given and family name. Of whoever
 * goes by a chosen name the others are nobody's business, and a name that somebody has no more says nothing
 * of its other form.
 * @param printed the name on the page
 */
export function nameInOtherScript(
  person: Pick<Person, 'displayName' | 'givenName' | 'familyName' | 'chosenName' | 'legalName'>,
  printed: string,
): string | null {
  const { displayName, givenName, familyName, chosenName, legalName } = person;
  const forms = [displayName, `${givenName} ${familyName}`.trim()];
  if (chosenName || ![...forms, legalName].includes(printed)) return null;
  return forms.find((form) => form !== '' && alphabetOf(form) !== alphabetOf(printed)) ?? null;
}
