/** Every sentence that code and templates name is there, and every sentence that is there is named. */
import { conflictStates } from '../../server/exhibitions/seats/seat-conflicts.js';
import { outOfDateReasons } from '../../server/transcript/out-of-date.js';
import { preflightFilters } from '../../server/transcript/preflight.js';
import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { roleNames } from '../../server/access/actor.js';
import { removalReasons } from '../../server/artifacts/artifact.js';
import { capacities } from '../../server/calendar/calendar.js';
import { partsAtOnce, partsInBackground } from '../../server/erasure/erase-person-parts.js';
import { erasureExtents, erasureGrounds } from '../../server/erasure/erasure.js';
import { guardianStates } from '../../server/handover/arrival.js';
import { formats, moveVerbs, phases, visitKinds } from '../../server/exhibitions/exhibition.js';
import { traceOutcomes, type TraceOutcome } from '../../server/person-traces.js';
import { voices } from '../../server/narratives/narrative.js';
import { enrollmentStatuses } from '../../server/people/enrollment.js';
import { mergeFields } from '../../server/merge/merge-fields.js';
import { obstacleKinds } from '../../server/merge/obstacles.js';
import { movedKinds } from '../../server/merge/references.js';
import { duplicateReasons } from '../../server/people/likely-duplicates.js';
import { oddValues } from '../../server/people/odd-values.js';
import { questionKinds } from '../../server/people/roster-questions.js';
import { saidOtherwiseAfter } from '../../server/people/row-problem-words.js';
import { pools } from '../../server/schedule/cost.js';
import { tokenScopes } from '../../server/access/token-scopes.js';
import { reasonKinds } from '../../server/schedule/impossible.js';
import { presenceRules } from '../../server/schedule/problem.js';
import { proposalStates } from '../../server/schedule/proposal.js';
import { ruleKinds } from '../../server/schedule/rules.js';
import { downloadKinds } from '../../server/downloads/download.js';
import { arrivalStates } from '../../server/exhibitions/check-in/check-in.js';
import { dateOrders } from '../../server/people/typed-hours.js';
import { hoursColumns } from '../../server/people/read-hours-csv.js';
import { seatRoles } from '../../server/exhibitions/seats/seat.js';
import { declineVerbs } from '../../server/schedule/decline-sign-up.js';
import { signUpStates } from '../../server/schedule/sign-up.js';
import { whenKinds } from '../../server/schedule/availability-page.js';
import { listeningKinds, presentingKinds } from '../../server/schedule/schedule.js';
import { presences as peoplePresences } from '../../server/people/people-records.js';
import { namedKinds } from '../../server/people/name-correction.js';
import { notCountedReasons } from '../../server/exhibitions/counting/counted-seats.js';
import { setAsideKinds } from '../../server/exhibitions/counting/set-aside.js';
import { sameNames } from '../../server/exhibitions/passes/sit-in-room.js';
import { termUses } from '../../server/school/remove-term.js';
import { conflictRules, guestRules, handoverRules, transcriptNames } from '../../server/school/school.js';
import { commonZones } from '../../server/school/time-zones.js';
import { attainments } from '../../server/results/attainment.js';
import { resultStates } from '../../server/results/day-results.js';
import { projectRoot } from '../../server/project-root.js';
import { createTexts } from '../../server/rendering/texts.js';

const jobKinds = ['transcripts', 'schedule', 'roster', 'roster-preview', 'handover', 'erasure'];
const erasedKinds = (outcomes: readonly TraceOutcome[]): string[] =>
  [...partsAtOnce, ...partsInBackground].flatMap(({ kind, outcome }) =>
    kind !== null && outcomes.includes(outcome) ? [kind] : [],
  );

/**
 * Keys that are put together while the program runs; `*` is the part that comes in then. Where the parts are
 * listed, each of them must have its sentence, and the others of the family are not named by it.
 */
const composed: Record<string, readonly string[] | 'whatever stands there'> = {
  'portfolio.pins.state.*': ['undecided', 'kept', 'found-again'],
  'portfolio.changed.*': ['version', 'label', 'gone'],
  'people.problem.hours-*': ['not-hours', 'which-half', 'which-date'],
  'school.zone-name.*': commonZones.map(([key]) => key),
  'access.links.*': ['used', 'open', 'expired', 'merged', 'moved'],
  'access.problem.closed-*': ['person', 'school', 'network'],
  'access.problem.password-*': ['short', 'simple', 'own', 'common'],
  'access.told.*-subject': ['password', 'address', 'moved'],
  'access.told.*-text': ['password', 'address', 'moved'],
  'access.scope.*': tokenScopes.map((scope) => scope.replace(':', '-')),
  'artifacts.file-kind.*': ['picture', 'recording', 'pdf', 'text', 'other'],
  'artifacts.medium.*': 'whatever stands there',
  'artifacts.new.kind.*': ['file', 'link', 'text'],
  'artifacts.new.storage*': ['', '-low'],
  'artifacts.notice.*': ['withdrawn', 'withdrawn-waiting', 'taken-down', 'taken-down-waiting'],
  'artifacts.problem.place-*': [
    ...[
      'kind',
      'page',
      'page-beyond',
      'page-uncounted',
      'time',
      'time-beyond',
      'time-uncounted',
      'time-order',
      'passage',
      'region',
      'region-start',
    ],
    'region-beyond',
  ],
  'artifacts.problem.quota-*': ['student', 'school'],
  'artifacts.remove.action.*': ['withdraw', 'ask-removal', 'take-down'],
  'artifacts.remove.lede.*': ['withdraw', 'ask-removal', 'take-down'],
  'artifacts.remove.reason.*': removalReasons,
  'artifacts.new.name-help.*': ['file', 'link', 'text'],
  'calendar.summary.*': [...capacities, 'day'],
  'common.error.title-*': 'whatever stands there',
  'common.role.*': [...roleNames, 'teacher', 'peer', 'family', 'mentor'],
  'common.start.*': 'whatever stands there',
  'database.sweep.*': ['found', 'done'],
  'erasure.extent.*': erasureExtents,
  'erasure.ground.*': erasureGrounds,
  'erasure.kind.*': erasedKinds(traceOutcomes),
  'erasure.outcome.*': traceOutcomes,
  'erasure.outcome.*-lede': traceOutcomes,
  'erasure.page.as-*': ['presenter', 'panelist'],
  'erasure.why.*': erasedKinds(['kept']),
  'exhibition.bar.rows-*': ['all', 'named'],
  'exhibition.form.clock-*': 'whatever stands there',
  'exhibition.form.leave-*': visitKinds,
  'exhibition.format.*': formats,
  'exhibition.format.*-help': formats,
  'exhibition.missing.*': 'whatever stands there',
  'exhibition.moves.*': 'whatever stands there',
  'exhibition.notice.*': moveVerbs,
  'exhibition.phase.*': phases,
  'exhibition.problem.*': ['not-a-time', 'time-skipped', 'time-twice'],
  'exhibition.problem.clash-*': 'whatever stands there',
  'exhibition.problem.no-*-from-*': 'whatever stands there',
  'handover.accept.family-*': ['before', 'stays'],
  'handover.accept.guardian.*': guardianStates,
  'handover.accept.note-*': ['before', 'stays'],
  'handover.kind.*': ['portfolio', 'work', 'result', 'narrative', 'plan', 'internship'],
  'handover.kinds.*': ['portfolio', 'work', 'result', 'narrative', 'transcript', 'plan', 'internship'],
  'handover.list.none-*': ['to', 'from'],
  'handover.page.school-*': ['to', 'from'],
  'handover.state.*.*': 'whatever stands there',
  'home.handover.*': ['offered', 'asked', 'accepted', 'declined'],
  'home.handover.*-*': 'whatever stands there',
  'home.handover.*-line': ['offered', 'asked', 'accepted', 'declined'],
  'home.move.*.*': 'whatever stands there',
  'home.office.*.action': 'whatever stands there',
  'home.office.*.line': 'whatever stands there',
  'home.office.*.title': 'whatever stands there',
  'home.office.action.*': 'whatever stands there',
  'home.office.phase.*': 'whatever stands there',
  'exhibition.notice.portfolio-*': ['yes', 'no'],
  'home.student.portfolio-*': ['draft', 'submitted'],
  'home.student.transcript-*': ['issued', 'superseded', 'revoked'],
  'home.student.voice-*': voices,
  'jobs.kinds.*.count': jobKinds,
  'jobs.kinds.*.open': jobKinds,
  'jobs.kinds.*.title': jobKinds,
  'jobs.state.*': ['waiting', 'running', 'done', 'failed', 'cancelled'],
  'merge.field.*': mergeFields,
  'merge.kind.*': movedKinds,
  'merge.obstacle.*': obstacleKinds,
  'merge.reason.*': duplicateReasons,
  'merge.todo.*': obstacleKinds,
  'narratives.begin.*': voices,
  'narratives.state.*': ['draft', 'signed'],
  'narratives.voice-own.*': voices,
  'narratives.voice.*': voices,
  'panel.clock.phase.*': 'whatever stands there',
  'panel.clock.to.*': 'whatever stands there',
  'panel.counting.said.*': setAsideKinds,
  'panel.notice.*': setAsideKinds,
  'panel.problem.already-*': setAsideKinds,
  'panel.room-pass.*': sameNames,
  'panel.room-pass.*-help': sameNames,
  'panel.pass-state.*': 'whatever stands there',
  'panel.pass.*': ['expired', 'revoked'],
  'panel.problem.conflict-*': conflictStates,
  'panel.slot.conflict-*': conflictStates,
  'panel.problem.not-a-*': 'whatever stands there',
  'panel.problem.room-*': ['of-gallery', 'not-open'],
  'panel.rooms.state-*': 'whatever stands there',
  'people.enrollment.status.*': [...enrollmentStatuses, 'none'],
  'people.attendance.*': ['yes', 'no'],
  'people.import.problem.too-many-*': ['rows', 'columns', 'characters'],
  'people.import.field.*': 'whatever stands there',
  'people.import.odd.*': oddValues,
  'school.term-use.*': termUses,
  'people.import.moved-*': ['number', 'address', 'id'],
  'people.import.kind.*': ['created', 'updated'],
  'people.import.row.*': 'whatever stands there',
  'people.import.row-after.*': saidOtherwiseAfter,
  'people.import.answer.*-*': 'whatever stands there',
  'people.import.ask.*': [...questionKinds, 'absent-elsewhere', 'school-id', 'name-grade'],
  'people.import.side-*': ['left', 'graduated'],
  'people.import.answer.name-*': ['same', 'two'],
  'people.import.asked-help.*': questionKinds,
  'people.import.asked.*': questionKinds,
  'people.import.open.*': questionKinds,
  'people.edit.as-*': ['left', 'graduated'],
  'people.edit.inactive-*': ['left', 'graduated'],
  'people.letters.*': ['signs-in', 'not-yet'],
  'people.link.*': ['intro', 'joins'],
  'people.people.has-*': ['left', 'graduated'],
  'portfolio.state.*': ['draft', 'submitted'],
  'results.attainment.met-*': ['own', 'family', 'staff'],
  'results.attainment.met-plain-*': ['own', 'family', 'staff'],
  'results.attainment.not-yet-*': ['own', 'family', 'staff'],
  'results.attainment.path-planned-*': ['own', 'family', 'staff'],
  'results.outcome.*': attainments,
  'results.proposal.*': attainments,
  'results.say.*': ['none', ...attainments],
  'results.as.*': 'whatever stands there',
  'results.day.state.*': resultStates,
  'results.day.proposes.*': attainments,
  'results.tally.*': 'whatever stands there',
  'results.warning.*': 'whatever stands there',
  'results.change.*': 'whatever stands there',
  'results.kind.*': 'whatever stands there',
  'results.kind.*-help': 'whatever stands there',
  'results.link-mark.*': ['sheet', 'revision', 'decision', 'publish'],
  'results.not-counted.*': notCountedReasons,
  'results.section.*': 'whatever stands there',
  'rubrics.part.*': ['written', 'oral', 'both'],
  'rubrics.policy.*': 'whatever stands there',
  'sample.step.*': 'whatever stands there',
  'downloads.about.*': downloadKinds,
  'downloads.column.*': 'whatever stands there',
  'people.hours.date-order.*': ['label', 'help', 'none', ...dateOrders],
  'downloads.comment-kind.*': ['row', 'level', 'revision', 'overall'],
  'downloads.said-about.*': ['group', 'presenter'],
  'downloads.counts.*': ['yes', ...notCountedReasons],
  'downloads.file.*': downloadKinds,
  'downloads.kind.*': downloadKinds,
  'downloads.outcome.*': ['met', 'not-yet'],
  'downloads.sheet.*': ['not-started', 'draft', 'late', 'submitted'],
  'downloads.visit.*': ['shown', 'hidden', 'held'],
  'panel.check-in.state.*': arrivalStates,
  'panel.seating.group-*': seatRoles,
  'people.hours.column.*': Object.keys(hoursColumns),
  'people.hours.problem.*': 'whatever stands there',
  'schedule.availability.when-*': whenKinds,
  'schedule.sign-up.when-*': whenKinds,
  'schedule.sign-up.state-*': signUpStates,
  'schedule.sign-up.closed.*': 'whatever stands there',
  'schedule.sign-ups.state-*': signUpStates,
  'schedule.sign-ups.link-*': ['none', 'works', 'ended', 'title'],
  'schedule.sign-ups.notice-*': ['waiting', 'accepted', 'declined', 'without-address'],
  'schedule.sign-ups.many.*.title': declineVerbs,
  'schedule.sign-ups.many.*.chosen': declineVerbs,
  'schedule.sign-ups.many.*.all': declineVerbs,
  'schedule.sign-ups.many.*.some': declineVerbs,
  'schedule.sign-ups.many.*.done': declineVerbs,
  'schedule.cost.*': ['missed-wishes', 'not-in-a-row'],
  'schedule.listening.*': listeningKinds,
  'schedule.problem.together-*': ['nobody', 'several', 'several-names'],
  'schedule.field.*': ['advisor', 'family', 'mentor', 'teachers', 'peers', 'guests'],
  'schedule.pool.*': pools,
  'schedule.presence.*': presenceRules,
  'schedule.presenting.*': presentingKinds,
  'schedule.state.*': proposalStates,
  'schedule.broken.*': ruleKinds,
  'school.network.link-*': ['password', 'password-new', 'join', 'join-new'],
  'school.policies.handover.*': handoverRules,
  'school.policies.handover.*-help': handoverRules,
  'school.shared-address.*': ['codes', 'link', 'feed'],
  'school.field.*': conflictRules,
  'school.field.hold-*': ['visitors', 'all', 'off'],
  'school.field.sign-guests-*': guestRules,
  'school.field.submitters-*': ['student', 'student-and-advisor'],
  'school.field.transcript-name-*': transcriptNames,
  'transcript.names.*': namedKinds,
  'people.people.presence-*': peoplePresences,
  'school.field.*-on-panel': ['advisor', 'relative', 'mentor'],
  'schedule.impossible.*': reasonKinds,
  'schedule.problem.*': 'whatever stands there',
  'scores.closed.*': 'whatever stands there',
  'scores.late.state.*': ['waiting', 'admitted', 'declined'],
  'visits.visit.late.*': ['waiting', 'admitted', 'declined'],
  'visits.notice.late-*': ['admitted', 'declined'],
  'home.late.*': ['late-sheets', 'late-visits'],
  'scores.notice.*': ['late-admitted', 'late-incomplete', 'late-declined'],
  'scores.conflict.*': 'whatever stands there',
  'transcript.exhibitions.*': attainments,
  'transcript.formats.*': formats,
  'transcript.gap.*': 'whatever stands there',
  'transcript.narratives.*': 'whatever stands there',
  'transcript.older.page.*': outOfDateReasons,
  'transcript.older.reader.*': outOfDateReasons,
  'transcript.older.verify.*': outOfDateReasons,
  'transcript.roles.*': 'whatever stands there',
  'transcript.show.*': preflightFilters,
  'transcript.state.*': ['preparing', 'issued', 'superseded', 'revoked', 'withdrawn'],
  'transcript.verify.explained.*': ['issued', 'superseded', 'revoked'],
  'transcript.verify.stands.*': ['issued', 'superseded', 'revoked'],
  'visits.notice.*': ['stopped', 'reopened', 'prioritized', 'not-prioritized'],
  'visits.review.none-*': ['waiting', 'shown', 'hidden', 'all'],
  'visits.review.state-*': ['waiting', 'shown', 'hidden', 'all'],
};

/** What the audit record calls actions: they look like keys and are none. */
const acts = new Set([
  ...[
    'access.address-change',
    'access.password-change',
    'access.password-choose',
    'access.password-reset-mail',
    'access.sign-in',
    'access.sign-in-failed',
  ],
  ...['access.sign-out-everywhere', 'access.token-create', 'access.token-revoke'],
  ...['artifacts.add', 'artifacts.ask-removal', 'artifacts.download', 'artifacts.keep', 'artifacts.version'],
  'exhibition.close',
  ...['handover.accept', 'handover.ask', 'handover.decline', 'handover.offer'],
  ...[
    'people.list',
    'people.merge-late',
    'portfolio.submit',
    'results.publish',
    'results.correct',
    'school.term-add',
    'school.term-change',
  ],
  ...[
    'downloads.table',
    'scores.submit',
    'transcript.download',
    'transcript.draft',
    'transcript.issue',
    'transcript.revoke',
    'transcript.supersede',
  ],
  ...['people.availability', 'people.merge'],
]);

const texts = createTexts({ missing: 'throw' });
const locale = path.join(projectRoot, 'views/locales/en');
const rooms = readdirSync(locale).map((file) => path.basename(file, '.json'));
const room = `(?:${rooms.join('|')})`;

/** Every key of the English texts; the forms of a plural are one key. */
const written = new Set(
  rooms.flatMap((name) =>
    leaves(name, JSON.parse(readFileSync(path.join(locale, `${name}.json`), 'utf8')) as object),
  ),
);
function leaves(path: string, words: object): string[] {
  return Object.entries(words).flatMap(([name, value]) =>
    typeof value === 'string'
      ? [`${path}.${name.replace(/_(zero|one|two|few|many|other)$/, '')}`]
      : leaves(`${path}.${name}`, value as object),
  );
}

interface Source {
  name: string;
  text: string;
}
const sources: Source[] = ['server', 'views'].flatMap((folder) =>
  readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|hbs|mjs)$/.test(name))
    .map((name) => ({
      name: `${folder}/${name}`,
      // The name of an act in the audit record looks like a key and is none.
      text: readFileSync(path.join(projectRoot, folder, name), 'utf8').replace(
        /appendAudits?\([^'`]*(['`]).*?\1/gs,
        '',
      ),
    })),
);
const found = (pattern: RegExp, key: (match: RegExpMatchArray) => string) =>
  sources.flatMap(({ name, text }) =>
    [...text.matchAll(pattern)].map((match) => ({ name, key: key(match) })),
  );

const named = found(new RegExp(`'(${room}\\.[\\w.-]*\\w)'`, 'g'), ([, key]) => key!).filter(
  ({ key }) => !/\.(js|ts|json|hbs|css)$/.test(key) && !acts.has(key),
);
const put = [
  ...found(new RegExp(`\`(${room}\\.[^\`]*)\``, 'g'), ([, key]) => key!.replace(/\$\{[^}]*\}/g, '*')),
  ...found(new RegExp(`concat '(${room}\\.[^']*)'`, 'g'), ([, key]) => `${key}*`),
].filter(({ key }) => key.includes('*'));

/** What a composed key stands for. */
function membersOf(pattern: string): string[] {
  const parts = composed[pattern] ?? [];
  if (typeof parts !== 'string') return parts.map((part) => pattern.replace('*', part));
  const family = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[\\w-]+')}$`);
  return [...written].filter((key) => family.test(key));
}

describe('the texts of the product', () => {
  it('lists no action of the audit record that nobody writes', () => {
    const everything = sources.map(({ text }) => text).join('\n');
    expect([...acts].filter((act) => !everything.includes(`'${act}'`) || texts.has('en', act))).toEqual([]);
  });

  it('has every sentence that is named', () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(named.length).toBeGreaterThan(500);
    expect(named.filter(({ key }) => !texts.has('en', key))).toEqual([]);
  });

  it('knows every key that is put together', () => {
    expect(put.length).toBeGreaterThan(40);
    expect(put.filter(({ key }) => !(key in composed))).toEqual([]);
  });

  it.each([...new Set(put.map(({ key }) => key))])('has the sentences of %s', (pattern) => {
    const members = membersOf(pattern);
    expect(members.length).toBeGreaterThan(0);
    expect(members.filter((key) => !texts.has('en', key))).toEqual([]);
  });

  it('has no sentence that nobody names', () => {
    const used = new Set([...named.map(({ key }) => key), ...put.flatMap(({ key }) => membersOf(key))]);
    expect([...written].filter((key) => !used.has(key))).toEqual([]);
  });
});
