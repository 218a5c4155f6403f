/** How the pages of a transcript are filled, read back from the real PDF. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { nameInOtherScript } from '../../server/people/other-script.js';
import { projectRoot } from '../../server/project-root.js';
import { createChromiumPrinter, type ChromiumPrinter } from '../../server/rendering/chromium-printer.js';
import { createTemplates } from '../../server/rendering/templates.js';
import { createTexts } from '../../server/rendering/texts.js';
import { factsHash } from '../../server/transcript/facts-hash.js';
import type {
  TranscriptRubric,
  TranscriptSnapshot,
  TranscriptStep,
} from '../../server/transcript/snapshot.js';
import { transcriptPrint } from '../../server/transcript/transcript-html.js';
import { chromiumPath, temporaryFolder } from '../harness/services.js';

let printer: ChromiumPrinter;
const texts = createTexts({ missing: 'throw' });
const templates = createTemplates({ texts, projectRoot, assetUrl: (name) => name });
beforeAll(() => {
  printer = createChromiumPrinter({ executablePath: chromiumPath(), dataDir: temporaryFolder(), pages: 1 });
});
afterAll(() => printer.close());

const sentence =
  'She measured the tide against the table for eleven weeks and wrote down where it was wrong. ';
const paragraphs = (count: number) =>
  Array.from({ length: count }, () => sentence.repeat(5).trim()).join('\n\n');
const terms = ['Fall', 'Spring', 'Summer'].map((name, at) => ({ id: `t${at}`, name }));

/** @param steps terms in which every goal was scored */
const rubric = (title: string, goals: number, steps: number): TranscriptRubric => ({
  ...{ slug: title, hash: 'a'.repeat(64), title, credit: null },
  levels: ['Beginning', 'Building', 'Meeting', 'Extending'].map((name) => ({
    ...{
      id: name,
      name,
      between: false,
      describes: `What ${name.toLowerCase()} means in a few words of the rubric.`,
    },
  })),
  goals: Array.from({ length: goals }, (_, at) => ({
    ...{
      id: `g${at}`,
      name: `Goal ${at + 1} of ${title}`,
      description: null,
      meaning: 'Keeps going when it is hard.',
    },
    history: terms.slice(0, steps).map(({ id }, step) => ({
      ...{ termId: id, levelId: ['Beginning', 'Meeting', 'Building'][(at + step) % 3]! },
      ...{ on: '2025-05-01T12:00:00Z', attempt: 1 },
    })),
  })),
});

const narrative = (markdown: string): TranscriptSnapshot['narratives'][number] => ({
  ...{ voice: 'advisor', authorName: 'Marisol Quintanilla', markdown, version: 1 },
  signedAt: '2025-05-20T12:00:00Z',
});

const anExhibitionEntry: TranscriptSnapshot['exhibitions'][number] = {
  ...{ title: 'Tides and tables', format: 'panel', startsAt: '2025-05-01T12:00:00Z', attempt: 1 },
  ...{ place: 'Room 4', portfolio: null, panel: [], outcomes: [{ criterion: 'Row 1', level: 'Meeting' }] },
};

const snapshot = (more: Partial<TranscriptSnapshot> = {}): TranscriptSnapshot => ({
  ...{ format: 1, number: 'RB-1', code: 'K7QF-2MXN-8RTD', language: 'en', terms },
  verifyUrl: 'https://vitrine.school.example/verify/K7QF-2MXN-8RTD',
  school: { name: 'Riverbend', address: '', motto: '', accent: null, timeZone: 'America/New_York' },
  student: {
    id: 's',
    name: 'Amina Warsame',
    studentNumber: '17',
    grade: '11',
    advisory: 'Heron',
    advisors: [],
  },
  term: { id: 't2', name: 'Summer', startsOn: '2025-05-01', endsOn: '2025-08-20' },
  issued: { at: '2025-06-01T12:00:00Z', by: 'Ruth Abernathy' },
  intent: { title: 'The river', statement: sentence },
  rubrics: [rubric('Learning goals', 6, 3)],
  ...{ exhibitions: [], internships: [], narratives: [narrative(paragraphs(4))] },
  ...more,
});

interface PageLines {
  /** Top to bottom, without what stands on every page. */
  lines: string[];
  /** Share of the page's height below the last line. */
  blank: number;
  /** Levels of the headings that are tagged, in order. */
  headings: number[];
}

interface Tag {
  role?: string;
  children?: Tag[];
}
const headingsIn = ({ role, children }: Tag): number[] => [
  ...(/^H[1-6]$/.test(role ?? '') ? [Number(role!.slice(1))] : []),
  ...(children ?? []).flatMap(headingsIn),
];

async function pagesOf(value: TranscriptSnapshot): Promise<PageLines[]> {
  const look = { template: 'standard', pageSize: 'letter' } as const;
  const bytes = await printer.print(await transcriptPrint({ templates, texts }, value, look));
  const task = getDocument({ data: new Uint8Array(bytes), verbosity: 0, useSystemFonts: false });
  const pdf = await task.promise;
  const pages: PageLines[] = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent({ includeMarkedContent: true });
    const marks: boolean[] = [];
    const lines = new Map<number, string>();
    for (const item of items) {
      if (!('str' in item)) {
        if (item.type === 'endMarkedContent') marks.pop();
        else marks.push((item as { tag?: string }).tag === 'Artifact');
      } else if (item.str.trim() !== '' && !marks.includes(true)) {
        const y = Math.round(item.transform[5] as number);
        lines.set(y, (lines.get(y) ?? '') + item.str);
      }
    }
    const ys = [...lines.keys()].sort((a, b) => b - a);
    pages.push({
      lines: ys.map((y) => lines.get(y)!),
      blank: ys.at(-1)! / page.view[3]!,
      headings: headingsIn((await page.getStructTree()) as Tag),
    });
  }
  await task.destroy();
  return pages;
}

/** No page is left a quarter empty for a few lines on the next one, and none of them ends with a heading. */
function checkPages(pages: readonly PageLines[]): void {
  const alone = pages.flatMap(({ lines }, at) =>
    at > 0 && lines.length <= 4 ? [`page ${at + 1}: ${lines.join(' / ')}`] : [],
  );
  expect(alone).toEqual([]);
  const heading =
    /^(Heading \d+|Harbor Watch|Exhibitions|Internships|Tides and tables|Levels reached|Growth, goal by goal|How to read the levels|The advisor’s narrative)$/;
  expect(pages.map(({ lines }) => lines.at(-1)!).filter((line) => heading.test(line))).toEqual([]);
  const levels = pages.flatMap(({ headings }) => headings);
  expect(levels[0]).toBe(1);
  expect(levels.filter((level, at) => at > 0 && level > levels[at - 1]! + 1)).toEqual([]);
  const { lines } = pages.at(-1)!;
  expect(lines.some((line) => line.includes('Verify this transcript'))).toBe(true);
  expect(lines.length).toBeGreaterThan(8);
}

describe('pages', () => {
  const headings = (count: number) =>
    Array.from({ length: count }, (_, at) =>
      [
        `${'#'.repeat((at % 3) + 1)} Heading ${at}`,
        ['- one\n- two', sentence, '| a | b |\n|---|---|\n| c | d |'][at % 3],
      ].join('\n\n'),
    ).join('\n\n');
  const internship = (sentences: number) => ({
    ...{ organisation: 'Harbor Watch', mentorName: 'Iris Vogel', interest: 'Fish', startsOn: '2025-05-05' },
    ...{ endsOn: '2025-06-20', hours: 44, summary: sentence.repeat(sentences) },
  });
  it.each([
    ['nothing but the cover', { rubrics: [], narratives: [], intent: null }],
    [
      'many rubrics, of which the last reached levels go over the cover',
      {
        rubrics: [rubric('Learning goals', 6, 3), rubric('Speaking', 8, 2), rubric('Agency', 2, 1)],
      },
    ],
    ['a statement of more than a page', { intent: { title: 'Everything', statement: sentence.repeat(40) } }],
    ['long internships', { internships: [internship(4), internship(16), internship(22)] }],
    ...[0, 2, 4, 6, 8].map(
      (more) =>
        [
          `headings of every kind after ${more} sentences`,
          { narratives: [narrative(`${sentence.repeat(more)}\n\n${headings(24)}`)] },
        ] as [string, Partial<TranscriptSnapshot>],
    ),
    ...[6, 7, 8, 9].map(
      (count) =>
        [
          `a narrative of ${count} paragraphs`,
          {
            rubrics: [rubric('Learning goals', 6, 3), rubric('Speaking', 8, 2), rubric('Agency', 2, 1)],
            narratives: [narrative(paragraphs(count))],
          },
        ] as [string, Partial<TranscriptSnapshot>],
    ),
  ] as [string, Partial<TranscriptSnapshot>][])('%s', async (_case, more) => {
    checkPages(await pagesOf(snapshot(more)));
  });

  const exhibition = (outcomes: number) => ({
    ...{ title: 'Tides and tables', format: 'panel' as const, startsAt: '2025-05-01T12:00:00Z', attempt: 1 },
    ...{ place: 'Room 4', portfolio: 'The river', panel: [{ name: 'Iris Vogel', role: 'mentor' }] },
    outcomes: Array.from({ length: outcomes }, (_, at) => ({ criterion: `Row ${at + 1}`, level: 'Meeting' })),
  });
  it.each([
    ...[4, 6, 12].map(
      (goals) =>
        [
          `long exhibitions after ${goals} goals`,
          {
            rubrics: [rubric('Learning goals', goals, 3)],
            exhibitions: [24, 14, 5, 40].map(exhibition),
          },
        ] as [string, Partial<TranscriptSnapshot>],
    ),
    ...[4, 5, 9].map(
      (count) =>
        [`a level key after ${count} paragraphs`, { narratives: [narrative(paragraphs(count))] }] as [
          string,
          Partial<TranscriptSnapshot>,
        ],
    ),
  ])('%s go on over the page instead of leaving it empty', async (_case, more) => {
    const pages = await pagesOf(snapshot(more));
    checkPages(pages);
    expect(pages.slice(1, -1).filter(({ blank }) => blank > 0.31)).toEqual([]);
    // Outcomes are read in threes, never one line alone on a page.
    const rows = pages.map(({ lines }) => lines.filter((line) => line.startsWith('Row ')).length);
    expect(rows.filter((count) => count > 0 && count < 3)).toEqual([]);
  });

  it('what nothing is said of fits on one page with the code', async () => {
    expect(await pagesOf(snapshot({ rubrics: [], narratives: [], intent: null }))).toHaveLength(1);
  });
});

const aStudentNamed = (name: string) => ({ ...snapshot().student, name });
const noIntent = { intent: null };
const shortIntent = { intent: { title: 'The river', statement: 'To cross it.' } };
it.each<[string, number, Partial<TranscriptSnapshot>]>([
  ...[1, 2, 3, 4, 5, 6, 8].map((goals) => ['a short name', goals, {}] as [string, number, object]),
  ...[1, 3, 4, 6, 9].map((goals) => ['no statement', goals, noIntent] as [string, number, object]),
  ...[2, 4, 6].map((goals) => ['a short statement', goals, shortIntent] as [string, number, object]),
  ['a name of one long line', 6, { student: aStudentNamed('Sunniva Aas-Thorvaldsen') }],
  ['a name of two lines', 6, { student: aStudentNamed('Ebenezer Quaye-Lund Søndergaard-Liu') }],
  ['the longest name', 6, { student: aStudentNamed(`Amina ${'Warsame-Okonkwo '.repeat(8)}`.trim()) }],
  [
    'the longest name, no statement',
    14,
    {
      ...noIntent,
      student: aStudentNamed(`Amina ${'Warsame-Okonkwo '.repeat(8)}`.trim()),
      rubrics: [rubric('Learning goals', 7, 1), rubric('Speaking', 7, 1)],
    },
  ],
])('a cover with %s and %s goals is not a quarter empty', async (_name, goals, more) => {
  const pages = await pagesOf(snapshot({ rubrics: [rubric('Learning goals', goals, 3)], ...more }));
  expect(pages[0]!.blank).toBeLessThanOrEqual(0.25);
  checkPages(pages);
});

it('a level beside a long row is not parted', async () => {
  const outcomes = ['Commitment to Personal Vision', 'Commitment to shared success'].map((criterion) => ({
    ...{ criterion: `${criterion} of everybody`, level: 'Beginning' },
  }));
  const pages = await pagesOf(snapshot({ exhibitions: [{ ...anExhibitionEntry, outcomes }] }));
  const whole = pages.flatMap(({ lines }) => lines).join(' ');
  expect(whole.match(/everybody/g)).toHaveLength(2);
  expect(whole.match(/Beginning/g)!.length).toBeGreaterThanOrEqual(2);
  expect(whole).not.toMatch(/Beginnin\b|Beginni\b/);
});

describe('growth', () => {
  const view = async (steps: number) => {
    const look = { template: 'standard', pageSize: 'letter' } as const;
    const value = snapshot({ rubrics: [rubric('Learning goals', 2, steps)] });
    return (await transcriptPrint({ templates, texts }, value, look)).html;
  };
  it.each([
    [1, 0, 'Beginning in Fall.'],
    [2, 0, 'From Beginning in Fall to Meeting in Spring.'],
    [3, 2, 'From Beginning in Fall to Building in Summer.'],
  ])('over %s terms is drawn %s times, and always said', async (steps, charts, words) => {
    const html = await view(steps);
    expect(html.match(/<svg class="chart"/g) ?? []).toHaveLength(charts);
    expect(html).toContain(words);
    // What explains the marks stands only above marks.
    expect(html.includes('A filled mark is the result')).toBe(charts > 0);
  });
});

it('levels of which the rubric says nothing have their place among the others', async () => {
  const one = rubric('Learning goals', 1, 1);
  const levels = one.levels.map((level) => ({ ...level, describes: null }));
  const look = { template: 'standard', pageSize: 'letter' } as const;
  const { html } = await transcriptPrint(
    { templates, texts },
    snapshot({ rubrics: [{ ...one, levels }] }),
    look,
  );
  expect(html).toContain('Step 2 of 4, counted from the lowest');
  expect(html).toContain('The rubric says what these levels mean goal by goal');
});

describe('growth over nine terms', () => {
  const nine = Array.from({ length: 9 }, (_, at) => ({ id: `n${at}`, name: `Term ${at + 1}` }));
  const step = (at: number, levelId: string, more: object = {}) => ({
    ...{ termId: `n${at}`, levelId, on: `20${at + 10}-05-01T12:00:00Z`, attempt: 1 },
    ...more,
  });
  const htmlOf = async (history: TranscriptStep[], named = nine) => {
    const one = rubric('Learning goals', 1, 1);
    const value = snapshot({ terms: named, rubrics: [{ ...one, goals: [{ ...one.goals[0]!, history }] }] });
    const look = { template: 'standard', pageSize: 'letter' } as const;
    return (await transcriptPrint({ templates, texts }, value, look)).html;
  };
  const whole = nine.map((_term, at) => step(at, at === 8 ? 'Extending' : 'Building'));

  it('is said over all of them and drawn over the last six', async () => {
    const html = await htmlOf(whole);
    expect(html).toContain('From Building in Term 1 to Extending in Term 9.');
    expect(html.match(/class="chart-term"/g)).toHaveLength(6);
    expect(html).not.toContain('>Term 3</text>');
    const long = nine.map(({ id }, at) => ({ id, name: `Spring term ${at + 1}` }));
    // Names that would run into each other are left out.
    expect((await htmlOf(whole, long)).match(/class="chart-term"/g)).toHaveLength(3);
    expect(html).toContain('The charts show the last 6 terms');
  });

  it('what was observed in the first ones alone is not said to be unobserved', async () => {
    const early = [step(0, 'Beginning'), step(1, 'Meeting')];
    const html = await htmlOf(early);
    expect(html).toContain('From Beginning in Term 1 to Meeting in Term 2.');
    expect(html).not.toMatch(/has not been observed|<svg class="chart"/);
    // Frozen while six terms were named at most: of the others the year is known.
    expect(await htmlOf(early, nine.slice(-6))).toContain('From Beginning in 2010 to Meeting in 2011.');
    expect(await htmlOf(whole, nine.slice(-6))).toContain('From Building in 2010 to Extending in Term 9.');
  });

  it('ends at the level reached, also where a later day belongs to an earlier term', async () => {
    const html = await htmlOf([step(7, 'Meeting'), step(6, 'Building', { on: '2020-05-01T12:00:00Z' })]);
    expect(html).toContain('Building in Term 7, after Meeting in Term 8.');
  });

  it('three attempts in one term are no way to draw', async () => {
    const attempts = [1, 2, 3].map((attempt) => step(8, 'Building', { attempt }));
    const [first, second, third] = attempts.map((each) => ({ ...each, counts: false as const }));
    expect(await htmlOf([first!, second!, { ...third!, counts: undefined as never }])).not.toContain(
      '<svg class="chart"',
    );
  });
});

describe('a level from another term', () => {
  const named = ['Fall', 'Spring', 'Second semester of the school year, Summer campus'];
  const longTerms = named.map((name, at) => ({ id: `t${at}`, name }));
  /** Of the transcript of the first term of all: what later ones brought is not in it. */
  const [first, , last] = longTerms.map(({ id, name }) => ({
    ...{ id, name, startsOn: '2025-05-01', endsOn: '2025-08-20' },
  }));
  const inTerm = (title: string, at: number): TranscriptRubric => {
    const one = rubric(title, 6, 1);
    const history = [{ ...one.goals[0]!.history[0]!, termId: `t${at}` }];
    return { ...one, goals: one.goals.map((goal) => ({ ...goal, history })) };
  };

  it('is named with its term on the cover, one of the own term without', async () => {
    const value = snapshot({
      terms: longTerms.slice(0, 2),
      rubrics: [inTerm('Speaking', 0), inTerm('Agency', 1)],
    });
    const [cover] = await pagesOf({ ...value, term: { ...first!, id: 't1', name: 'Spring' } });
    const lines = cover!.lines.filter((line) => line.startsWith('Goal '));
    expect(lines.map((line) => line.replace(/^Goal \d of /, ''))).toEqual([
      ...Array.from({ length: 6 }, () => 'SpeakingBeginningin Fall'),
      ...Array.from({ length: 6 }, () => 'AgencyBeginning'),
    ]);
  });

  it('is printed whole with a long term and a long goal', async () => {
    const long = inTerm('Speaking', 2);
    const goals = long.goals.map((goal) => ({
      ...goal,
      name: `${goal.name} before people who have never heard of it`,
    }));
    const pages = await pagesOf(
      snapshot({
        terms: [...longTerms, { id: 't3', name: 'Late' }],
        term: { ...last!, id: 't3', name: 'Late' },
        rubrics: [{ ...long, goals }],
      }),
    );
    checkPages(pages);
    // The printer itself finds what runs off the page; here it must stand in the line of its goal.
    const lines = pages.flatMap((page) => page.lines.filter((line) => line.startsWith('Goal ')));
    expect(lines.filter((line) => line.includes('Beginningin Second semester'))).toHaveLength(6);
  });

  it('is named at an earlier exhibition, too, and needs no new transcript', async () => {
    const earlier = { ...anExhibitionEntry, termName: 'Fall' };
    const pages = await pagesOf(snapshot({ exhibitions: [earlier, anExhibitionEntry] }));
    const whole = pages.flatMap(({ lines }) => lines).join(' ');
    expect(whole.match(/Tides and tables Fall Panel/g) ?? whole).toHaveLength(1);
    const facts = snapshot({ exhibitions: [earlier] });
    expect(factsHash(facts)).toBe(factsHash(snapshot({ exhibitions: [anExhibitionEntry] })));
  });
});

it('an attempt that does not count is said where nothing is drawn', async () => {
  const one = rubric('Learning goals', 1, 1);
  const [goal] = one.goals;
  const history = [
    { ...goal!.history[0]!, attempt: 1, counts: false as const },
    { ...goal!.history[0]!, attempt: 2 },
  ];
  const value = snapshot({ rubrics: [{ ...one, goals: [{ ...goal!, history }] }] });
  const { html } = await transcriptPrint({ templates, texts }, value, {
    template: 'standard',
    pageSize: 'letter',
  });
  expect(html).toContain('One other attempt does not count.');
  expect(html).not.toContain('is marked');
});

describe('a name in two scripts', () => {
  it('is printed in both, one beside the other', async () => {
    const { student } = snapshot();
    const named = { ...student, name: 'محمد الأحمد', nameInOtherScript: 'Mohammed Al-Ahmad' };
    const [cover] = await pagesOf(snapshot({ student: named }));
    const at = cover!.lines.findIndex((line) => line.includes('Mohammed Al-Ahmad'));
    expect(at).toBeGreaterThan(0);
    expect(cover!.lines[at - 1]).toMatch(/[\p{Script=Arabic}]/u);
  });

  const person = (more: object) => ({
    ...{ displayName: 'Ana Ruiz', givenName: 'Ana', familyName: 'Ruiz', chosenName: null, legalName: null },
    ...more,
  });
  it.each([
    [
      'both',
      { displayName: 'محمد الأحمد', givenName: 'Mohammed', familyName: 'Al-Ahmad' },
      'محمد الأحمد',
      'Mohammed Al-Ahmad',
    ],
    [
      'the other way round',
      { displayName: 'Mohammed Al-Ahmad', givenName: 'محمد', familyName: 'الأحمد' },
      'Mohammed Al-Ahmad',
      'محمد الأحمد',
    ],
    ['Korean', { displayName: '김민준', givenName: 'Minjun', familyName: 'Kim' }, '김민준', 'Minjun Kim'],
    [
      'Cyrillic',
      { displayName: 'Олена Шевченко', givenName: 'Olena', familyName: 'Shevchenko' },
      'Олена Шевченко',
      'Olena Shevchenko',
    ],
    [
      'the legal name is printed',
      { displayName: 'أمل حداد', legalName: 'Amal Q. Haddad' },
      'Amal Q. Haddad',
      'أمل حداد',
    ],
    ['one script', { displayName: 'Ana María Ruiz' }, 'Ana María Ruiz', null],
    [
      'two ways to write in one script',
      { displayName: 'علی', givenName: 'علي', familyName: '' },
      'علی',
      null,
    ],
    [
      'whoever goes by a chosen name',
      { displayName: 'ليلى', chosenName: 'ليلى', givenName: 'Omar' },
      'ليلى',
      null,
    ],
    ['a name they have no more', { displayName: 'محمد', givenName: 'Mohammed' }, 'Some One', null],
  ])('%s', (_case, more, printed, expected) => {
    expect(nameInOtherScript(person(more), printed)).toBe(expected);
  });
});
