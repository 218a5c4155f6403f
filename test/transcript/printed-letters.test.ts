/**
 * Whatever people are called and write is printed with real letters, within the page and in its own
 * direction; or it gets no number.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PrintedWrong } from '../../server/rendering/printer.js';
import { findTerm } from '../../server/school/school-records.js';
import { lettersProblem } from '../../server/transcript/cannot-print.js';
import { gatherFacts } from '../../server/transcript/gather-facts.js';
import { issueTranscripts, type StudentLeftOut } from '../../server/transcript/issue-transcripts.js';
import type { TranscriptSnapshot } from '../../server/transcript/snapshot.js';
import { transcriptPrint } from '../../server/transcript/transcript-html.js';
import { actorOf, aCohort, issueAll, type TestCohort } from '../harness/builders/transcript.js';
import { issueNeeds, standardTemplate } from '../../server/transcript/transcripts-job.js';
import { readGlyphs } from '../harness/read-glyphs.js';
import { startApp, type TestApp, withPublicAddress } from '../harness/start-app.js';

let app: TestApp;
let cohort: TestCohort;
let issued: TranscriptSnapshot;
beforeAll(async () => {
  app = await startApp(withPublicAddress);
  cohort = await aCohort(app, { names: ['Amina Warsame-Okonkwo', 'Ravi \u{13000} Menon', 'Lena 山田'] });
  const { scope, school, termId } = cohort.home;
  const term = (await findTerm(scope, termId))!;
  const facts = await gatherFacts(app.context, scope, school, term, cohort.students);
  issued = {
    ...facts.get(cohort.students[0]!.id)!,
    ...{
      number: 'RB-2026-000001',
      code: 'K7QF-2MXN-8RTD',
      verifyUrl: 'https://rb.example/verify/K7QF-2MXN-8RTD',
    },
    issued: { at: app.context.clock.now().toISOString(), by: 'Ruth Abernathy' },
  };
});
afterAll(() => app.close());

async function print(change: (snapshot: TranscriptSnapshot) => void) {
  const snapshot = structuredClone(issued);
  change(snapshot);
  const job = await transcriptPrint(app.context, snapshot, { template: 'standard', pageSize: 'letter' });
  return readGlyphs(await app.context.printer.print(job));
}

/** Name → the font that must draw it. */
const names: [name: string, font: string][] = [
  ['박준호', 'NotoSansKR'],
  ['山田 さくら', 'NotoSansJP'],
  ['葛\u{e0100}城', 'NotoSansJP'],
  ['王小明', 'NotoSansSC'],
  ['陳鳳儀', 'NotoSansTC'],
  ['รหิมา ใจดี', 'NotoSansThai'],
  ['রহিমা খাতুন', 'NotoSansBengali'],
  ['आरव शर्मा', 'NotoSans-'],
  ['မောင်မောင် ဦး', 'NotoSansMyanmar'],
  ['សុខា ចាន់', 'NotoSansKhmer'],
  ['გიორგი ბერიძე', 'NotoSansGeorgian'],
  ['ལྷ་མོ', 'NotoSerifTibetan'],
  ['தமிழ் செல்வன்', 'NotoSansTamil'],
  ['નરેશ પટેલ', 'NotoSansGujarati'],
  ['ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ', 'NotoSansGurmukhi'],
  ['శ్రీనివాస్', 'NotoSansTelugu'],
  ['ಕನ್ನಡ', 'NotoSansKannada'],
  ['മലയാളം', 'NotoSansMalayalam'],
  ['සිංහල', 'NotoSansSinhala'],
  ['ລາວ', 'NotoSansLao'],
  ['Արմեն Պետրոսյան', 'NotoSansArmenian'],
  ['ᏣᎳᎩ', 'NotoSansCherokee'],
  ['ދިވެހި', 'NotoSansThaana'],
  ['ߒߞߏ', 'NotoSansNKo'],
  ['አበበ ቢቂላ', 'NotoSansEthiopic'],
  ['אורי לוי', 'NotoSansHebrew'],
  ['نور اُردو ٹھیک', 'IBMPlexSansArabic'],
  ['Zoë 🌸', 'NotoEmoji'],
  ['ᱥᱟᱱᱛᱟᱲᱤ', 'NotoSansOlChiki'],
  ['ᐃᓄᒃᑎᑐᑦ', 'NotoSansCanadianAboriginal'],
  ['ⵜⴰⵎⴰⵣⵉⵖⵜ', 'NotoSansTifinagh'],
  ['ꕙꔤ', 'NotoSansVai'],
  ['ᠮᠣᠩᠭᠣᠯ', 'NotoSansMongolian'],
  ['ꦗꦮꦶ', 'NotoSansJavanese'],
  ['ꯃꯩꯇꯩ', 'NotoSansMeeteiMayek'],
  ['𐴌𐴟𐴇𐴥𐴝', 'NotoSansHanifiRohingya'],
  ['𞤆𞤵𞤤𞤢𞤪', 'NotoSansAdlam'],
  ['محمد علي', 'IBMPlexSansArabic'],
];

describe('letters', () => {
  it('of every script have a font of their own, and no box is drawn', async () => {
    const { missing, outside, fonts } = await print(({ student, narratives }) => {
      student.name = names[0]![0];
      narratives[0]!.markdown = names.map(([name]) => name).join('\n\n');
    });
    expect({ missing, outside }).toEqual({ missing: [], outside: [] });
    const lacking = names.filter(([, font]) => !fonts.some((each) => each.includes(font)));
    expect(lacking).toEqual([]);
  });

  it.each(['박준호', '王小明', '陳鳳儀', '山田 さくら'])(
    'of the name %s are drawn as its country writes them',
    async (name) => {
      const { fonts } = await print(({ student, narratives }) => {
        student.name = name;
        narratives.length = 0;
      });
      const font = names.find(([each]) => each === name)![1];
      const chinese = fonts.filter((each) => /NotoSans(SC|TC|JP|KR)/.test(each));
      expect(chinese).not.toEqual([]);
      expect(chinese.filter((each) => !each.includes(font))).toEqual([]);
    },
  );

  it('of Chinese characters alone are drawn as in the student’s language, in every part of the page', async () => {
    const inJapanese = (snapshot: TranscriptSnapshot) => {
      const { exhibitions, rubrics, narratives, student } = snapshot;
      Object.assign(student, { name: '山田太郎', advisory: '直樹組', nameInOtherScript: 'Taro Yamada' });
      for (const exhibition of exhibitions) Object.assign(exhibition, { title: '骨直樹', place: '直樹館' });
      for (const { goals } of rubrics) for (const goal of goals) goal.name = '骨直';
      const dates = { startsOn: issued.term.startsOn, endsOn: null, hours: 12 };
      snapshot.internships = [
        {
          ...dates,
          organisation: '直樹社',
          mentorName: 'Ana Be',
          interest: '直樹',
          summary: 'With 直樹 there',
        },
      ];
      narratives.length = 0;
    };
    const chinese = (fonts: string[]) => fonts.filter((each) => /NotoSans(SC|TC|JP|KR)/.test(each));
    const byRecord = await print((snapshot) => {
      inJapanese(snapshot);
      snapshot.student.language = 'ja';
      snapshot.intent = { title: '骨直', statement: '直樹' };
    });
    const byWords = await print((snapshot) => {
      inJapanese(snapshot);
      snapshot.intent = { title: '骨直', statement: '直樹は橋を作ります。' };
    });
    for (const { fonts, missing } of [byRecord, byWords])
      expect([missing, chinese(fonts).filter((each) => !each.includes('NotoSansJP'))]).toEqual([[], []]);
    expect(chinese(byRecord.fonts)).not.toEqual([]);
  });

  it('of a name whose language the roster says are frozen with it, and nothing where it changes nothing', async () => {
    const { scope, school, termId } = cohort.home;
    const term = (await findTerm(scope, termId))!;
    const [amina, , lena] = cohort.students;
    const languagesOf = async (locale: string) => {
      const students = [amina!, lena!].map((student) => ({ ...student, locale }));
      const facts = await gatherFacts(app.context, scope, school, term, students);
      return students.map(({ id }) => facts.get(id)!.student.language ?? null);
    };
    expect(await languagesOf('Japanese')).toEqual([null, 'ja']);
    expect(await languagesOf('ko-KR')).toEqual([null, 'ko']);
    expect(await languagesOf('Spanish')).toEqual([null, null]);
  });

  it('break wherever they must: no word of any part leaves the page', async () => {
    const long = (letter: string) => letter.repeat(160);
    const { outside } = await print((snapshot) => {
      snapshot.student.name = long('A');
      snapshot.school.name = long('S');
      snapshot.school.motto = long('m');
      snapshot.student.advisory = long('C');
      snapshot.intent = { title: long('T'), statement: `https://${long('s')}` };
      for (const exhibition of snapshot.exhibitions) {
        Object.assign(exhibition, { title: long('E'), place: long('P'), portfolio: long('F') });
        for (const outcome of exhibition.outcomes) outcome.criterion = long('O');
        for (const voice of exhibition.panel) voice.name = long('V');
      }
      for (const rubric of snapshot.rubrics) {
        rubric.title = long('R');
        for (const level of rubric.levels) level.name = long('L');
        for (const goal of rubric.goals) Object.assign(goal, { name: long('G'), meaning: long('M') });
      }
      const dates = { startsOn: issued.term.startsOn, endsOn: null, hours: 12 };
      snapshot.internships = [
        { ...dates, organisation: long('I'), mentorName: long('N'), interest: long('J'), summary: long('K') },
      ];
      const cells = `| ${long('x')} | b |\n|---|---|\n| ${long('y')} | ${long('z')} |`;
      snapshot.narratives[0]!.markdown = `${long('n')}\n\n- ${long('l')}\n\n> ${long('q')}\n\n# ${long('h')}\n\n${cells}`;
      snapshot.narratives[0]!.authorName = long('B');
    });
    expect(outside).toEqual([]);
  });

  it('stand in the direction of their own block', async () => {
    const { starts } = await print(({ narratives }) => {
      narratives[0]!.markdown = 'Before it in English.\n\nهذه جملة عربية واحدة.\n\nAfter it in English.';
    });
    const at = (word: string) => starts.find(({ text }) => text.startsWith(word))!.x;
    expect(at('After')).toBeLessThan(250);
    expect(at('Before')).toBeLessThan(250);
    expect(starts.find(({ text }) => /\p{Script=Arabic}/u.test(text))!.x).toBeGreaterThan(350);
  });
});

describe('what cannot be printed', () => {
  interface Listed {
    number: string;
    studentId: string;
  }
  const list = async () =>
    (await (await cohort.as('registrar')).get('/transcripts')).json<{ items: Listed[] }>().items;
  const serialsOf = (items: Listed[]) =>
    items.map(({ number }) => Number(number.slice(-6))).sort((a, b) => a - b);

  it('is told per student before anything is asked for, and leaves no complete one out', async () => {
    const address = `/terms/${cohort.home.termId}/transcripts`;
    const registrar = await cohort.as('registrar');
    const { items } = (await registrar.get(address)).json<{
      items: { student: { displayName: string }; problem: string | null }[];
    }>();
    expect(items.filter(({ problem }) => problem).map(({ student }) => student.displayName)).toEqual([
      cohort.students[1]!.displayName,
    ]);
    const found = items.find(({ problem }) => problem)!;
    expect(found.problem).toContain('No font here has \u{13000} (U+13000) in “\u{13000}”.');
    const { text } = await registrar.get(`${address}?search=Ravi`, { as: 'page' });
    expect(text).toContain('Cannot be issued');
    expect(text).toContain('(U+13000)');
    expect((await registrar.get(`${address}?search=Lena`, { as: 'page' })).text).not.toContain(
      'Cannot be issued',
    );
  });

  it('leaves out whoever is incomplete or cannot be printed, each with the reason, where only complete ones are wanted', async () => {
    const { home, students } = cohort;
    const order = { school: home.school, term: (await findTerm(home.scope, home.termId))!, students };
    const leftOut: StudentLeftOut[] = [];
    const not = (): void => {
      throw new Error('nobody here is complete');
    };
    await issueTranscripts(
      issueNeeds(app.context),
      home.scope,
      actorOf(cohort.registrar),
      { ...order, template: standardTemplate, jobId: null, again: false, completeOnly: true },
      { issued: not, failed: not, leftOut: (line) => leftOut.push(line) },
    );
    expect(leftOut.map(({ student, missing }) => [student.id, missing])).toEqual(
      students.map(({ id }) => [id, ['portfolio']]),
    );
    expect(leftOut.map(({ problem }) => problem?.key ?? null)).toEqual([
      null,
      'transcript.problem.letters',
      null,
    ]);
    expect(await list()).toEqual([]);
  });

  it('is told before a number is assigned; what was printed wrong gives its number to the next one', async () => {
    const [, ravi, lena] = cohort.students;
    const { printer } = app.context;
    const { print: printReally } = printer;
    printer.print = (job) =>
      job.title.includes('Lena') ? Promise.reject(new PrintedWrong(['beehive'], [])) : printReally(job);
    const job = await issueAll(cohort);
    printer.print = printReally;
    // Also of whoever issues, and behind Markdown's signs; not where it is not printed.
    const needs = { texts: app.context.texts };
    const lettersIn = async (markdown: string, name = 'Ruth Abernathy', prefix = 'RB') => {
      const narratives = [{ ...issued.narratives[0]!, markdown }];
      const problem = await lettersProblem(needs, { ...issued, narratives }, { prefix, name });
      return problem?.params['letters'] ?? null;
    };
    expect(await lettersIn('Sound')).toBeNull();
    expect(await lettersIn('A &#x13000; here')).toContain('U+13000');
    expect(await lettersIn('A [link](https://x.example/\u{13000})')).toBeNull();
    expect(await lettersIn('Sound', 'Ruth \u{13000}')).toContain('U+13000');
    expect(await lettersIn('Sound', 'Ruth', 'R\u{13000}')).toContain('U+13000');
    // On a draft there is no issuer and no address.
    const drafted = { ...issued, school: { ...issued.school, address: 'Street \u{13000}' } };
    expect(await lettersProblem(needs, drafted, null)).toBeNull();
    expect(await lettersProblem(needs, drafted, { prefix: 'RB', name: 'Ruth' })).not.toBeNull();
    const words = Object.fromEntries(job.problems.map((problem) => [problem.subject, problem.words]));
    expect(words[ravi!.displayName]).toMatch(
      /no number was used: no font here has \u{13000} \(U\+13000\) in “\u{13000}”\./u,
    );
    expect(words[lena!.displayName]).toMatch(/no number was used: on the printed pages,.*“beehive”/u);
    expect(job.problems).toHaveLength(2);
    const page = await (await cohort.as('registrar')).get(`/jobs/${job.id}`, { as: 'page' });
    expect(page.text).toContain('transcripts issued, 2 not');
    const first = await list();
    const students = first.map(({ studentId }) => studentId);
    expect(students).toContain(cohort.students[0]!.id);
    expect(students.filter((id) => [ravi!.id, lena!.id].includes(id))).toEqual([]);

    const again = await issueAll(cohort);
    expect(again.problems.map(({ subject }) => subject)).toEqual([ravi!.displayName]);
    const all = await list();
    expect(all).toHaveLength(first.length + 1);
    // Without a gap, and none twice.
    expect(serialsOf(all)).toEqual(all.map((_each, index) => index + 1));
  });
});

it('a draft that cannot be printed says of whom, and leads back to the list of the term', async () => {
  const student = cohort.students[1]!;
  const registrar = await cohort.as('registrar');
  const list = `/terms/${cohort.home.termId}/transcripts`;
  const path = `/terms/${cohort.home.termId}/students/${student.id}/draft.pdf`;
  const json = await registrar.get(path);
  expect([json.status, json.json()]).toEqual([
    409,
    {
      error: {
        ...{ code: 'cannot-print', message: expect.stringContaining(student.displayName), page: list },
        ...{ termId: cohort.home.termId, student: { id: student.id, displayName: student.displayName } },
      },
    },
  ]);
  const page = await registrar.get(path, { as: 'page' });
  expect([page.status, page.headers.get('content-type')]).toEqual([409, 'text/html; charset=utf-8']);
  expect(page.text).toContain('>This transcript can’t be printed yet</h1>');
  expect(page.text).toContain(
    `The draft of ${student.displayName} for Year was not printed: no font here has`,
  );
  expect(page.text).toContain(`<a class="button primary" href="${list}">Back to the transcripts of Year</a>`);
  expect(page.text).not.toMatch(/no number was used|in the meantime/);
  expect((await registrar.get(list)).status).toBe(200);
});
