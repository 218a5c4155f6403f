/** `/`: the first page of everybody. Visitors are led to sign in, an empty installation to its first run. */
import { countAccounts } from '../access/account-records.js';
import { hasRole } from '../access/actor.js';
import { SignInNeeded } from '../errors.js';
import { done, page, routes } from '../http/route.js';
import { countSchools } from '../school/school-records.js';
import { advisorHome } from './advisor-home.js';
import { familyHome } from './family-home.js';
import { homeAnswer, joinParts, type HomePart } from './home.js';
import { networkHome } from './network-home.js';
import { officeHome } from './office-home.js';
import { panelHome } from './panel-home.js';
import { rehearsalHome } from './rehearsal-home.js';
import { studentHome } from './student-home.js';
import { visitsHome } from './visits-home.js';

export const homeRoutes = routes('home');

homeRoutes.get(
  '/',
  { summary: 'What is mine to do now', who: 'anyone', answer: homeAnswer },
  async (call) => {
    const { context, visitor: actor, t, timeZone, locale } = call;
    if (!actor) {
      if ((await countSchools(context.db)) === 0 && (await countAccounts(context.db)) === 0)
        return done('/first-run', { firstRun: true });
      if (call.wantsJson) throw new SignInNeeded();
      return done('/sign-in', {});
    }
    const needs = { actor, context, t, timeZone, locale };
    const parts: HomePart[] = [];
    if (actor.schoolId === null) parts.push(await networkHome(needs));
    else {
      const inSchool = { ...needs, scope: call.scope };
      parts.push(await panelHome(inSchool));
      parts.push(await visitsHome(inSchool));
      parts.push(await rehearsalHome(inSchool));
      if (hasRole(actor, 'student')) parts.push(await studentHome(inSchool));
      if (hasRole(actor, 'guardian')) parts.push(await familyHome(inSchool));
      if (hasRole(actor, 'advisor')) parts.push(await advisorHome(inSchool));
      if (hasRole(actor, 'registrar', 'admin')) parts.push(await officeHome(inSchool));
    }
    const home = joinParts(actor.name, parts);
    const shown = call.wantsJson ? home : { ...home, guest: actor.seatIds !== null };
    return page('home/home', shown, { title: t('home.title') });
  },
);
