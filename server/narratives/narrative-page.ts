/** The page of one narrative: the editor for whoever writes it, the signed versions for readers. */
import { NotFound } from '../errors.js';
import { page, type Call } from '../http/route.js';
import { frozenNames } from '../people/frozen-names.js';
import { listNameCorrectionsShowing } from '../people/name-correction-records.js';
import { findStudent } from '../people/people-records.js';
import { isOwn, requirePermission, type Person } from '../people/person.js';
import { findTerm } from '../school/school-records.js';
import { BELOW_PAGE } from './narrative-headings.js';
import { narrativeHtml } from './narrative-html.js';
import { mayReadSigned, mayWriteVoice, type Narrative, type NarrativeVoice } from './narrative.js';
import { listNarrativeVersions } from './narrative-records.js';
import { narrativeView, versionView } from './narrative-view.js';

export async function getNarrativeStudent(call: Pick<Call, 'scope'>, id: string): Promise<Person> {
  const student = await findStudent(call.scope, id);
  if (!student) throw new NotFound();
  return student;
}

/** What this voice is called towards this reader. */
export const voiceTitle = (
  call: Pick<Call, 't' | 'actor'>,
  student: Person,
  voice: NarrativeVoice,
): string =>
  isOwn(call.actor, student) ? call.t(`narratives.voice-own.${voice}`) : call.t(`narratives.voice.${voice}`);

/** Whose it is and of which term; to the student the term alone. */
export const aboutLine = (call: Pick<Call, 't' | 'actor'>, student: Person, term: string): string =>
  isOwn(call.actor, student) ? term : call.t('narratives.about', { name: student.displayName, term });

export const studentCrumbs = (student: Person) => [
  { href: `/students/${student.id}`, label: student.displayName },
];
export const listCrumbs = (call: Pick<Call, 't'>, student: Person) => [
  ...studentCrumbs(student),
  { href: `/students/${student.id}/narratives`, label: call.t('narratives.crumb') },
];

/** The draft as readers will see it, before its words are frozen. */
export function previewPage(call: Pick<Call, 't' | 'actor'>, narrative: Narrative, student: Person) {
  return page(
    'narratives/preview',
    {
      ...narrativeView(narrative, true),
      bodyHtml: narrativeHtml(narrative.markdown, 'en', BELOW_PAGE),
      isSigned: narrative.state === 'signed',
      next: narrative.latestVersion + 1,
    },
    {
      title: call.t('narratives.preview.title', { number: narrative.latestVersion + 1 }),
      crumbs: [
        ...studentCrumbs(student),
        { href: `/narratives/${narrative.id}`, label: voiceTitle(call, student, narrative.voice) },
      ],
    },
  );
}

export async function narrativePage(
  call: Pick<Call, 'scope' | 'actor' | 't'>,
  narrative: Narrative,
  student: Person,
  options: { edit: boolean },
) {
  const mayWrite = mayWriteVoice(call.actor, student, narrative.voice);
  requirePermission(mayWrite || (narrative.latestVersion > 0 && mayReadSigned(call.actor, student)));
  const [term, versions] = await Promise.all([
    findTerm(call.scope, narrative.termId),
    listNarrativeVersions(call.scope, narrative.id),
  ]);
  const heading = voiceTitle(call, student, narrative.voice);
  const corrections = await listNameCorrectionsShowing(
    call.scope,
    versions.map(({ id }) => id),
  );
  const shown = versions.map((version) => {
    const view = versionView(version, frozenNames(corrections, version.id));
    return { ...view, bodyHtml: view.html };
  });
  return page(
    'narratives/narrative',
    {
      ...narrativeView(narrative, mayWrite),
      heading,
      student: { id: student.id, displayName: student.displayName },
      termName: term?.name ?? '',
      lede: aboutLine(call, student, term?.name ?? ''),
      mayWrite,
      editing: mayWrite && (narrative.state === 'draft' || options.edit),
      next: narrative.latestVersion + 1,
      current: shown[0] ?? null,
      earlier: shown.slice(1),
    },
    {
      title: heading,
      crumbs: listCrumbs(call, student),
    },
  );
}
