/**
 * Which style sheets a page needs beside the common ones, by its template: the sheets of everything that its templates draw. A page that
 * is not named here needs none. `test/look/page-styles.test.ts` finds what is missing.
 */

/** On every page, in the order in which they build on each other. */
export const COMMON_STYLES =
  'tokens base rail layout buttons forms patterns register school transcript'.split(' ');

/** Behind what belongs to a page, because it overrides it on paper. */
export const LAST_STYLE = 'print';

/** Each list in the order in which its sheets build on each other. */
export const PAGE_STYLES: Readonly<Record<string, readonly string[]>> = {
  'artifacts/artifact': ['wall', 'artifacts', 'places', 'portfolio'],
  'artifacts/new': ['artifacts'],
  'artifacts/wall': ['wall', 'portfolio'],
  'calendar/calendar': ['exhibition-board'],
  'downloads/downloads': ['exhibition-board'],
  'exhibition/board-slot': ['exhibition-board', 'exhibition-cards', 'exhibition-moves'],
  'exhibition/counts': ['exhibition', 'exhibition-board'],
  'exhibition/day': [
    'exhibition',
    'exhibition-board',
    'exhibition-cards',
    'exhibition-door',
    'exhibition-moves',
  ],
  'exhibition/list': ['exhibition'],
  'exhibition/timetable': ['exhibition-door'],
  'handover/earlier-portfolio': ['artifacts'],
  'handover/earlier-work': ['artifacts'],
  'home/home': ['wall', 'timeline', 'portfolio'],
  'home/student': ['wall', 'timeline', 'growth', 'exhibition', 'portfolio', 'scores-work'],
  'narratives/narrative': ['narratives'],
  'narratives/narratives': ['wall'],
  'narratives/new': ['narratives'],
  'panel/check-in': ['exhibition', 'exhibition-board'],
  'panel/clock': ['exhibition-clock'],
  'panel/itineraries': ['exhibition-door'],
  'panel/made-pass': ['exhibition-door'],
  'panel/pass': ['exhibition-door'],
  'panel/pass-closed': ['exhibition-door'],
  'panel/pass-code': ['exhibition-door'],
  'panel/pass-return': ['exhibition-door'],
  'panel/room-pass': ['exhibition-door'],
  'panel/rooms': ['exhibition', 'exhibition-board'],
  'panel/seats': ['exhibition-board'],
  'people/letters': ['exhibition-door'],
  'panel/signs': ['exhibition-door', 'visits'],
  'panel/slot': ['exhibition', 'exhibition-board', 'exhibition-door'],
  'people/import-result': ['wall'],
  'plan/plan': ['wall', 'portfolio'],
  'portfolio/list': ['wall'],
  'portfolio/pins': ['artifacts', 'places', 'portfolio', 'scores-review'],
  'portfolio/portfolio': ['wall', 'artifacts', 'places', 'portfolio', 'scores-review'],
  'portfolio/review': ['wall', 'artifacts', 'places', 'portfolio', 'scores-review'],
  'portfolio/works': ['wall', 'artifacts', 'portfolio'],
  'portfolio/snapshot': ['wall', 'artifacts', 'places', 'portfolio', 'scores-review'],
  'rehearsals/clock': ['exhibition-clock', 'rehearsals'],
  'rehearsals/list': ['exhibition-board'],
  'rehearsals/new': ['rehearsals'],
  'rehearsals/rehearsal': ['rehearsals', 'scores-review', 'visits'],
  'rehearsals/sheet': [
    'levels',
    'places',
    'rehearsals',
    'rubrics',
    'scores',
    'scores-conflict',
    'scores-review',
    'scores-work',
    'visits',
  ],
  'results/day': ['results'],
  'results/evidence': ['artifacts', 'places', 'portfolio', 'results', 'scores-review'],
  'results/result': [
    'wall',
    'levels',
    'results',
    'results-attainment',
    'rubrics',
    'scores',
    'scores-review',
    'visits',
  ],
  'results/reveal': ['levels', 'results', 'scores', 'scores-review'],
  'results/waiting': ['results'],
  'rubrics/list': ['levels', 'rubrics', 'scores'],
  'rubrics/rubric': ['rubrics'],
  'scores/pins': ['artifacts', 'places', 'scores', 'scores-review'],
  'scores/review': ['places', 'rubrics', 'scores', 'scores-review'],
  'scores/sheet': [
    'levels',
    'artifacts',
    'exhibition-clock',
    'places',
    'rubrics',
    'scores',
    'scores-conflict',
    'scores-review',
    'scores-work',
    'visits',
  ],
  'transcript/transcript': ['portfolio'],
  'transcript/verification': ['portfolio'],
  'visits/door': ['exhibition-door'],
  'visits/mine': ['exhibition-board'],
  'visits/review': ['scores-review', 'visits'],
  'visits/signs': ['exhibition-door', 'visits'],
  'visits/stand': ['scores-review', 'visits'],
  'visits/stands': ['exhibition-board'],
  'visits/visit': ['rubrics', 'scores', 'scores-review', 'scores-work', 'visits'],
};

/** The name of a page's own sheet among the assets. */
export const pageSheetOf = (template: string): string =>
  `styles/${[...(PAGE_STYLES[template] ?? []), LAST_STYLE].join('.')}.css`;
