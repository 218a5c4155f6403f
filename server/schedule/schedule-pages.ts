/** The pages of this room: what is decided for a timetable, and a proposal. Each is also the JSON of its address. */
import { runsSchool } from '../access/actor.js';
import { Forbidden, NotFound } from '../errors.js';
import { dayOf, timeText } from '../exhibitions/day-and-time.js';
import { mayManageExhibitions, mayPlan, type Exhibition } from '../exhibitions/exhibition.js';
import { findExhibition } from '../exhibitions/exhibition-records.js';
import { valuesOf, type TypedFields } from '../forms/typed-fields.js';
import { page, type PageAnswer, type AnyCall } from '../http/route.js';
import { hoursWords } from '../people/hours-words.js';
import { listAdvisories, listAllPeople, listPeopleByIds } from '../people/people-records.js';
import { byId } from '../people/person.js';
import { gatherProblem } from './gather-problem.js';
import type { FoundPerson } from '../exhibitions/planners/find-people.js';
import { foundGroup, MAX_STUDENTS_LISTED, panelistChoices, studentChoices } from './people-choices.js';
import { presenceRules } from './problem.js';
import { findProposal, listProposals } from './proposal-records.js';
import {
  listeningKinds,
  listeningOf,
  presentingKinds,
  timesOf,
  togetherOf,
  usedChoices,
  type Schedule,
} from './schedule.js';
import { findSchedule } from './schedule-records.js';
import { awaitsSettling } from './settle-routes.js';
import { costWords, proposalLineView, proposalView, settingsView } from './schedule-view.js';
import { newlyBroken } from './solve.js';
import { seenOfSchedule } from './keep-schedule.js';
import { additionsOf, planAfter } from './proposal.js';
import type { ExhibitionPorts } from '../exhibitions/exhibition-ports.js';

/** @throws NotFound, or Forbidden for those who do not plan */
async function plannedExhibition(call: AnyCall, id: string): Promise<Exhibition> {
  if (!mayManageExhibitions(call.actor)) throw new Forbidden();
  const exhibition = await findExhibition(call.scope, id);
  if (!exhibition) throw new NotFound();
  return exhibition;
}

const crumbsOf = (call: AnyCall, exhibition: Exhibition) => [
  { href: '/exhibitions', label: call.t('exhibition.list.title') },
  { href: `/exhibitions/${exhibition.id}`, label: exhibition.title },
];

/** Where the form begins: the exhibition's own day and length, one teacher beside the advisor. */
function usual(exhibition: Exhibition, zone: string): Omit<Schedule, 'id' | 'schoolId' | 'updatedAt'> {
  return {
    exhibitionId: exhibition.id,
    rooms: [],
    days: [
      `${dayOf(exhibition.startsAt, zone)} 09:00-12:00`,
      `${dayOf(exhibition.startsAt, zone)} 13:00-16:00`,
    ],
    slotMinutes: exhibition.slotMinutes,
    breakMinutes: 10,
    panel: { ...{ advisor: 'must', family: 'no', mentor: 'no' }, ...{ teachers: 1, peers: 0, guests: 1 } },
    presenting: { kind: 'all', advisoryIds: [], studentIds: [] },
    listening: 'all',
    panelistIds: [],
  };
}

/** What was typed into the form, with people who were searched for besides. */
export interface SearchedForm {
  values: unknown;
  /** The state of the timetable that its sender has seen: searching shows no other one. */
  seen: string | undefined;
  studentIds: readonly string[];
  panelistIds: readonly string[];
  students: readonly FoundPerson[];
  panelists: readonly FoundPerson[];
}

/**
 * @param searched the form as it was sent in order to find somebody; left out: as it is kept
 * @param typed forms in which people may be ticked whom the page would not list
 */
export async function schedulePage(
  call: AnyCall,
  ports: Pick<ExhibitionPorts, 'listSheetStates'>,
  id: string,
  searched: SearchedForm | null = null,
  typed: readonly TypedFields[] = [],
): Promise<PageAnswer> {
  const { scope, t, timeZone, locale } = call;
  const exhibition = await plannedExhibition(call, id);
  const [schedule, proposals] = await Promise.all([findSchedule(scope, id), listProposals(scope, id, 10)]);
  const view = {
    exhibitionId: id,
    schedule: schedule ? settingsView(schedule) : null,
    proposals: proposals.map(proposalLineView),
  };
  const title = t('schedule.settings.title');
  if (call.wantsJson) return page('schedule/settings', view, { title });
  const [people, advisories] = await Promise.all([listAllPeople(scope), listAdvisories(scope)]);
  const active = people.filter((person) => person.active);
  const named = byId(people);
  // Two students of one name are told apart by their ids, so that the unchanged form can be sent back.
  const nameOf = (personId: string): string => {
    const name = named.get(personId)?.displayName;
    const isShared = active.some((person) => person.id !== personId && person.displayName === name);
    return name === undefined || isShared ? personId : name;
  };
  const shown = schedule ?? usual(exhibition, timeZone);
  const used = usedChoices(shown);
  const ticked = (name: string) => typed.flatMap((fields) => valuesOf(fields, name));
  const chosenStudents = [
    ...used.presenting.studentIds,
    ...(searched?.studentIds ?? []),
    ...ticked('studentIds'),
  ];
  const chosenPanelists = [...used.panelistIds, ...(searched?.panelistIds ?? []), ...ticked('panelistIds')];
  const students = studentChoices(active, advisories, t, chosenStudents);
  const panelists = panelistChoices(active, advisories, { ...shown, panelistIds: chosenPanelists }, call);
  const { problem } = await gatherProblem(ports, scope, exhibition, schedule);
  const option = (value: string, key: string) => ({ value, label: t(key) });
  const places = schedule ? timesOf(schedule, timeZone).length * schedule.rooms.length : 0;
  return page(
    'schedule/settings',
    {
      ...view,
      seen: searched?.seen ?? (schedule ? seenOfSchedule(schedule) : ''),
      exhibitionTitle: exhibition.title,
      isGallery: exhibition.format === 'gallery',
      mayPlan: mayPlan(exhibition) && exhibition.format !== 'gallery',
      facts: schedule
        ? t('schedule.settings.facts', {
            students: problem.presenters.length,
            places,
            standing: problem.standing.length,
          })
        : null,
      form: {
        rooms: shown.rooms.map((room) => room.name).join('\n'),
        roomsWithSteps: shown.rooms
          .filter((room) => !room.stepFree)
          .map((room) => room.name)
          .join('\n'),
        days: shown.days.map((line) => hoursWords(line, { locale, t, withYear: true })).join('\n'),
        slotMinutes: shown.slotMinutes,
        breakMinutes: shown.breakMinutes,
        presenting: shown.presenting.kind,
        advisoryIds: used.presenting.advisoryIds,
        studentIds: used.presenting.studentIds,
        listening: listeningOf(shown),
        panelistIds: used.panelistIds,
        maxPanels: shown.maxPanels ?? '',
        together: (shown.together ? togetherOf({ ...shown, siblingsTogether: false }, []) : [])
          .map((ids) => ids.map((each) => nameOf(each)).join('; '))
          .join('\n'),
        siblingsTogether: shown.siblingsTogether ? 'yes' : '',
      },
      relations: (['advisor', 'family', 'mentor'] as const).map((name) => ({
        name,
        label: t(`schedule.field.${name}`),
        value: shown.panel[name],
        options: presenceRules.map((each) => option(each, `schedule.presence.${each}`)),
      })),
      counts: (['teachers', 'peers', 'guests'] as const).map((name) => ({
        name,
        label: t(`schedule.field.${name}`),
        value: shown.panel[name],
      })),
      presentingOptions: presentingKinds.map((each) => option(each, `schedule.presenting.${each}`)),
      advisories: advisories.map(({ id: value, name }) => ({ value, label: name })),
      listeningOptions: listeningKinds.map((each) => option(each, `schedule.listening.${each}`)),
      students: [...foundGroup(searched?.students ?? [], students, t), ...students],
      panelists: [...foundGroup(searched?.panelists ?? [], panelists, t), ...panelists],
      // Everybody is on the page of a school with fewer.
      ...(active.filter((person) => person.roles.includes('student')).length > MAX_STUDENTS_LISTED
        ? { findAction: `/exhibitions/${id}/schedule/people`, peopleHref: `/exhibitions/${id}/people` }
        : {}),
      unsettled: active.filter(awaitsSettling).length,
      maySettle: runsSchool(call.actor),
      lines: proposals.map((each) => ({
        ...proposalLineView(each),
        words: t(`schedule.state.${each.state}`),
        kind: stateKinds[each.state],
      })),
    },
    {
      title,
      crumbs: crumbsOf(call, exhibition),
      scripts: ['people-choice'],
      alsoFor: (forms) => schedulePage(call, ports, id, searched, forms),
      ...(searched ? { values: searched.values } : {}),
    },
  );
}

const stateKinds = { ready: null, adopted: 'ok', impossible: 'stop', 'not-found': 'warn' } as const;

export async function proposalPage(
  call: AnyCall,
  ports: Pick<ExhibitionPorts, 'listSheetStates'>,
  exhibitionId: string,
  id: string,
): Promise<PageAnswer> {
  const { scope, t, timeZone, locale } = call;
  const exhibition = await plannedExhibition(call, exhibitionId);
  const proposal = await findProposal(scope, exhibitionId, id);
  if (!proposal) throw new NotFound();
  const schedule = await findSchedule(scope, exhibitionId);
  const { problem } = await gatherProblem(ports, scope, exhibition, schedule);
  const ids = proposal.slots.flatMap((slot) => [slot.studentId, ...slot.seats.map((seat) => seat.personId)]);
  const people = byId(await listPeopleByIds(scope, [...new Set(ids)]));
  const nameOf = (personId: string) => people.get(personId)?.displayName ?? '';
  const view = proposalView(proposal, problem, nameOf, t);
  const title = t('schedule.proposal.title');
  if (call.wantsJson) return page('schedule/proposal', view, { title });
  const additions = additionsOf(proposal, problem.standing);
  const since =
    proposal.state === 'ready'
      ? newlyBroken(problem, planAfter(problem.standing, additions).slots).filter(
          (rule) => rule.kind !== 'not-placed',
        )
      : [];
  const clock = (iso: string) => timeText(new Date(iso), timeZone, locale);
  return page(
    'schedule/proposal',
    {
      ...view,
      exhibitionTitle: exhibition.title,
      stateWords: t(`schedule.state.${proposal.state}`),
      stateKind: stateKinds[proposal.state],
      words: costWords(proposal, problem, nameOf, { t, locale }),
      since: since.slice(0, 12).map((rule) => t(rule.message, rule.params)),
      mayAdopt: proposal.state === 'ready' && mayPlan(exhibition) && since.length === 0,
      adoptWords: t('schedule.proposal.adds', { slots: view.adds.slots, seats: view.adds.seats }),
      tables: view.rooms.map(({ room, slots }) => ({
        room,
        slots: slots.map((slot) => ({
          ...slot,
          day: slot.startsAt,
          time: `${clock(slot.startsAt)} – ${clock(slot.endsAt)}`,
          panel: slot.seats.map((seat) => `${seat.name} (${t(`common.role.${seat.role}`)})`).join(', '),
        })),
      })),
    },
    {
      title,
      crumbs: [
        ...crumbsOf(call, exhibition),
        { href: `/exhibitions/${exhibitionId}/schedule`, label: t('schedule.settings.title') },
      ],
    },
  );
}
