/** Which pages the header links to, by role. Pure: the routes' permissions decide, this only lists links. */
import type { NavItem } from './frame.js';

interface Door {
  href: string;
  text: string;
  icon: string;
  who: readonly string[];
  /** Where else this door is the current one: what is reached through it has addresses of its own. */
  also?: readonly string[];
}

const STAFF = ['advisor', 'registrar', 'admin'] as const;
const OF_STUDENTS = ['/artifacts', '/portfolios', '/narratives', '/internships', '/earlier-records'] as const;

const DOORS: readonly Door[] = [
  {
    href: '/',
    text: 'common.nav.home',
    icon: 'house',
    who: ['student', 'panelist', 'guest', 'guardian', 'network', ...STAFF],
  },
  { href: '/students', text: 'common.nav.students', icon: 'users', who: STAFF, also: OF_STUDENTS },
  {
    href: '/exhibitions',
    text: 'common.nav.exhibitions',
    icon: 'gallery-vertical-end',
    who: ['panelist', ...STAFF],
    also: ['/slots'],
  },
  { href: '/seats', text: 'common.nav.seats', icon: 'armchair', who: ['panelist', 'guest'] },
  { href: '/rehearsals', text: 'common.nav.rehearsals', icon: 'repeat', who: ['student', 'advisor'] },
  { href: '/visits', text: 'common.nav.visits', icon: 'footprints', who: ['guest'] },
  {
    href: '/rubrics',
    text: 'common.nav.rubrics',
    icon: 'list-checks',
    who: ['student', 'panelist', ...STAFF],
  },
  {
    href: '/transcripts',
    text: 'common.nav.transcripts',
    icon: 'scroll-text',
    who: ['registrar', 'admin'],
    also: ['/terms'],
  },
  {
    href: '/people',
    text: 'common.nav.people',
    icon: 'contact-round',
    who: ['registrar', 'admin'],
    also: ['/advisories', '/duplicates', '/handovers'],
  },
  { href: '/school', text: 'common.nav.school', icon: 'school', who: ['registrar', 'admin'] },
  { href: '/network/schools', text: 'common.nav.schools', icon: 'school', who: ['network'] },
];

const WALL = {
  text: 'common.nav.wall',
  icon: 'gallery-vertical',
  who: ['student'],
  also: OF_STUDENTS.filter((address) => address !== '/portfolios'),
} as const;
const PORTFOLIOS = {
  text: 'common.nav.portfolios',
  icon: 'book-open',
  who: ['student'],
  also: ['/portfolios'],
} as const;

/** How much of the path leads through a door: the length of the longest of its addresses that it begins with, or 0. */
function reach(door: Door, path: string): number {
  const through = [door.href, ...(door.also ?? [])].filter(
    (href) => path === href || (href !== '/' && path.startsWith(`${href}/`)),
  );
  return Math.max(0, ...through.map((href) => href.length));
}

/**
 * The header's links for somebody. `path` is the request's; the longest matching address is the current one.
 * @param actor null for a visitor, who gets none
 */
export function navigation(
  actor: { roles: readonly string[]; personId?: string } | null,
  path: string,
  t: (key: string) => string,
): NavItem[] {
  if (actor === null) return [];
  const own = actor.roles.includes('student') ? `/students/${actor.personId ?? ''}` : null;
  const doors: readonly Door[] =
    own === null
      ? DOORS
      : [
          ...DOORS.slice(0, 1),
          { ...WALL, href: own },
          { ...PORTFOLIOS, href: `${own}/portfolios` },
          ...DOORS.slice(1),
        ];
  const open = doors.filter((door) => door.who.some((role) => actor.roles.includes(role)));
  const current = open
    .filter((door) => reach(door, path) > 0)
    .sort((a, b) => reach(b, path) - reach(a, path))[0];
  return open.map((door) => ({
    href: door.href,
    label: t(door.text),
    icon: door.icon,
    current: door === current,
  }));
}
