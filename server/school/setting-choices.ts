/** What the lists of the school's settings offer. */
import type { Call } from '../http/route.js';
import { transcriptNames, portfolioSubmitters, holdRules, guestRules } from './school.js';

export function settingChoices(t: Call['t']) {
  const choice = (value: string, key: string) => ({ value, label: t(key) });
  return {
    pageSizes: [choice('letter', 'school.field.letter'), choice('a4', 'school.field.a4')],
    voiceRules: [choice('named', 'school.field.named'), choice('by-role', 'school.field.by-role')],
    attemptChoices: [choice('latest', 'school.field.latest'), choice('best', 'school.field.best')],
    transcriptNames: transcriptNames.map((name) => choice(name, `school.field.transcript-name-${name}`)),
    submitterChoices: portfolioSubmitters.map((who) => choice(who, `school.field.submitters-${who}`)),
    holdRules: holdRules.map((rule) => choice(rule, `school.field.hold-${rule}`)),
    guestRules: guestRules.map((rule) => choice(rule, `school.field.sign-guests-${rule}`)),
  };
}
