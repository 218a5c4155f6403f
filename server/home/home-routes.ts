/** `/`: the first page of everybody. Visitors are led to sign in, an empty installation to its first run. */
import { countAccounts } from '../access/account-records.js';
import { hasRole } from '../access/actor.js';
import { SignInNeeded } from '../errors.js';
import { mayManageExhibitions } from '../exhibitions/exhibition.js';
import { done, page, routes } from '../http/route.js';
import { countSchools } from '../school/school-records.js';
import { advisorHome } from './advisor-home.js';
import { childrenElsewhere } from './children-elsewhere.js';
import { familyHome } from './family-home.js';
import { homeAnswer, joinParts, type HomePart, type SchoolHomeNeeds } from './home.js';
import { networkHome } from './network-home.js';
import { officeHome } from './office-home.js';
import { panelHome } from './panel-home.js';
import { passwordLinkHome } from './password-link-home.js';
import { rehearsalHome } from './rehearsal-home.js';
import { readSchoolYear } from './school-year.js';
import { signUpsHome } from './sign-ups-waiting.js';
import { studentHome } from './student-home.js';
import { visitsHome } from './visits-home.js';

export const homeRoutes = routes('home');

homeRoutes.get(
  '/',
  { summary: 'What is mine to do now', who: 'anyone', answer: homeAnswer },
  async (call) => {
    const { context, maybeActor: actor, t, timeZone, locale } = call;
    if (!actor) {
      if ((await countSchools(context.db)) === 0 && (await countAccounts(context.db)) === 0)
        return done('/first-run', { firstRun: true });
      if (call.wantsJson) throw new SignInNeeded();
      return done('/sign-in', {});
    }
    const needs = { actor, context, t, timeZone, locale };
    const parts =
      actor.schoolId === null
        ? await Promise.all([networkHome(needs), passwordLinkHome(needs), childrenElsewhere(needs)])
        : await partsOf({ ...needs, scope: call.scope, year: readSchoolYear(call.scope) });
    const home = joinParts(actor.name, parts);
    const shown = call.wantsJson ? home : { ...home, guest: actor.seatIds !== null };
    return page('home/home', shown, { title: t('home.title') });
  },
);

/** All at once, so that what they read goes out together. */
async function partsOf(needs: SchoolHomeNeeds): Promise<HomePart[]> {
  const { actor } = needs;
  const [parts] = await Promise.all([
    Promise.all([
      panelHome(needs),
      visitsHome(needs),
      rehearsalHome(needs),
      passwordLinkHome(needs),
      ...(hasRole(actor, 'student') ? [studentHome(needs)] : []),
      ...(hasRole(actor, 'guardian') ? [familyHome(needs)] : []),
      ...(actor.elsewhere ? [childrenElsewhere(needs)] : []),
      ...(mayManageExhibitions(actor) ? [signUpsHome(needs)] : []),
      ...(hasRole(actor, 'advisor') ? [advisorHome(needs)] : []),
      ...(hasRole(actor, 'registrar', 'admin') ? [officeHome(needs)] : []),
    ]),
    needs.year,
  ]);
  return parts;
}
