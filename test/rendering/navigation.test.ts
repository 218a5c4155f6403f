/** Which link of the header is the current one: also for what is reached through it under an address of its own. */
import { describe, expect, it } from '@jest/globals';
import { navigation } from '../../server/rendering/navigation.js';

const currentOf = (roles: string[], path: string) =>
  navigation({ roles, personId: 'me' }, path, (key) => key)
    .filter((item) => item.current)
    .map((item) => item.label.replace('common.nav.', ''));

describe('the current link of the header', () => {
  it.each([
    ['registrar', '/', ['home']],
    ['registrar', '/people', ['people']],
    ['registrar', '/people/import', ['people']],
    ['registrar', '/advisories', ['people']],
    ['registrar', '/school', ['school']],
    ['registrar', '/terms/t/transcripts', ['transcripts']],
    ['registrar', '/slots/s/result', ['exhibitions']],
    ['advisor', '/artifacts/a', ['students']],
    ['advisor', '/narratives/n', ['students']],
    ['student', '/students/me', ['wall']],
    ['student', '/artifacts/a', ['wall']],
    ['student', '/students/me/portfolios', ['portfolios']],
    ['student', '/portfolios/p', ['portfolios']],
    ['network', '/network/schools', ['schools']],
    ['registrar', '/account', []],
  ])('a %s at %s', (role, path, expected) => expect(currentOf([role], path)).toEqual(expected));

  it('a visitor has none', () => expect(navigation(null, '/', (key) => key)).toEqual([]));
});
