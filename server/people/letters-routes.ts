/**
 * Sign-in letters of an advisory, to print and to hand out: each with a one-time code with which a student
 * chooses a password. The codes are in this answer alone. Whoever has no e-mail gets a username.
 */
import { z } from 'zod';
import { findAccountOffered, findAccountOfPerson, listPeopleWhoSignIn } from '../access/account-records.js';
import { newLetterCode } from '../access/secrets.js';
import { isUsername } from '../access/username.js';
import { appendAudit } from '../audit/append-audit.js';
import { AppError, InvalidInput, NotFound, type MessageParams } from '../errors.js';
import { originOf } from '../http/origin.js';
import { idParams, several } from '../http/read-input.js';
import { page, routes, type Call } from '../http/route.js';
import { qrSvg } from '../rendering/qr.js';
import { findSchool } from '../school/school-records.js';
import { isOnlyStudent } from './child-password.js';
import { withUsername } from './give-username.js';
import { invitePerson } from './invite-person.js';
import { findAdvisory, listStudentsOfAdvisories } from './people-records.js';
import { mayLeadAdvisory, requirePermission, type Advisory, type Person } from './person.js';
import { addressWarning } from '../school/shared-address.js';

export const lettersRoutes = routes('people');

const who = ['advisor', 'registrar', 'admin'] as const;
const letterAnswer = z.object({
  personId: z.string(),
  name: z.string(),
  signsInWith: z.string(),
  code: z.string(),
  url: z.string(),
});
type Letter = z.output<typeof letterAnswer>;
const leftAnswer = z.object({ personId: z.string(), name: z.string(), reason: z.string() });

async function advisoryOf(call: Pick<Call, 'scope' | 'actor'>, id: string): Promise<Advisory> {
  const advisory = await findAdvisory(call.scope, id);
  if (!advisory) throw new NotFound();
  requirePermission(mayLeadAdvisory(call.actor, advisory));
  return advisory;
}

async function choicePage(call: Pick<Call, 'scope' | 'actor' | 't'>, id: string) {
  const advisory = await advisoryOf(call, id);
  const students = await listStudentsOfAdvisories(call.scope, [id]);
  const signIn = await listPeopleWhoSignIn(
    call.scope,
    students.map((student) => student.id),
  );
  return page(
    'people/letters-choice',
    {
      advisory: { id, name: advisory.name },
      students: students.map((student) => ({
        ...{ id: student.id, displayName: student.displayName, hasPassword: signIn.has(student.id) },
      })),
      options: students.map((student) => ({
        value: student.id,
        label: student.displayName,
        help: call.t(`people.letters.${signIn.has(student.id) ? 'signs-in' : 'not-yet'}`),
      })),
      waiting: students.filter((student) => !signIn.has(student.id)).map((student) => student.id),
    },
    {
      title: call.t('people.letters.title', { name: advisory.name }),
      crumbs: [{ href: '/students', label: call.t('people.students.title') }],
    },
  );
}

lettersRoutes.get(
  '/advisories/:id/letters',
  {
    summary: 'Who of an advisory can get a sign-in letter',
    who,
    params: idParams,
    answer: z.object({
      advisory: z.object({ id: z.string(), name: z.string() }),
      students: z.array(z.object({ id: z.string(), displayName: z.string(), hasPassword: z.boolean() })),
    }),
  },
  async (call) => choicePage(call, call.params.id),
);

lettersRoutes.post(
  '/advisories/:id/letters',
  {
    summary:
      'Make sign-in letters for students of an advisory; the one-time codes are in this answer only, and the administrators are told',
    who,
    token: 'never',
    params: idParams,
    body: z.object({ studentIds: several(z.string().max(64)) }),
    status: 201,
    answer: z.object({ letters: z.array(letterAnswer), left: z.array(leftAnswer) }),
    again: async (call) => choicePage(call, call.params.id),
  },
  async (call) => {
    const advisory = await advisoryOf(call, call.params.id);
    const students = await listStudentsOfAdvisories(call.scope, [advisory.id]);
    const chosen = students.filter(({ id }) => call.body.studentIds.includes(id));
    if (chosen.length === 0)
      throw new InvalidInput([{ field: 'studentIds', message: 'people.letters.nobody' }]);
    const letters: Letter[] = [];
    const left: z.output<typeof leftAnswer>[] = [];
    for (const student of chosen) {
      const letter = await makeLetter(call, student);
      if ('code' in letter) letters.push(letter);
      else
        left.push({
          ...{ personId: student.id, name: student.displayName },
          reason: call.t(letter.left, letter.params),
        });
    }
    const view = { letters, left };
    const title = call.t('people.letters.title', { name: advisory.name });
    call.response.setHeader('Cache-Control', 'no-store');
    if (call.wantsJson) return page('people/letters', view, { title, status: 201 });
    const school = await findSchool(call.scope, call.scope.schoolId);
    const made = await Promise.all(letters.map(async (each) => ({ ...each, qrHtml: await qrSvg(each.url) })));
    return page(
      'people/letters',
      {
        ...{ letters: made, left, schoolName: school?.name ?? '', advisoryId: advisory.id },
        addressWarning: await addressWarning(call, 'codes'),
        address: `${originOf(call)}/start`.replace(/^https?:\/\//, ''),
      },
      { title, status: 201, layout: 'bare', scripts: ['print'] },
    );
  },
);

/** Why there is no letter: a message key. */
interface Left {
  left: string;
  params?: MessageParams;
}

/** One whom no letter can be made for does not stop the others, whose codes are made already. */
async function makeLetter(
  call: Pick<Call, 'scope' | 'context' | 'actor' | 'request'>,
  student: Person,
): Promise<Letter | Left> {
  const { scope, context, actor } = call;
  if (!isOnlyStudent(student)) return { left: 'people.letters.left-roles' };
  if (await findAccountOffered(scope, student.id)) return { left: 'people.letters.left-offered' };
  const known = await findAccountOfPerson(scope, student.id);
  // With an address and no password yet, a letter is as good as a link.
  if (known?.passwordHash && !isUsername(known.email)) return { left: 'people.letters.left-address' };
  const code = newLetterCode();
  try {
    const account = await withUsername(
      { clock: context.clock, scope, actor },
      student,
      null,
      async (inside, made) => {
        await invitePerson(context, inside, student, made.id, actor, code);
        const subject = { kind: 'person', id: student.id };
        const detail = { replaces: made.passwordHash !== null };
        await appendAudit(inside, context.clock, actor, 'people.letter', subject, detail);
        return made;
      },
    );
    const url = `${originOf(call)}/set-password/${code}`;
    return { personId: student.id, name: student.displayName, signsInWith: account.email, code, url };
  } catch (error) {
    if (error instanceof InvalidInput && error.fields[0])
      return { left: error.fields[0].message, params: error.fields[0].params ?? {} };
    if (error instanceof AppError && error.status < 500)
      return { left: error.messageKey, params: error.params };
    throw error;
  }
}
