/**
 * What stands above a form that is shown again: each problem with the label of its field as it is printed,
 * and a link to it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { permissionRows } from '../access/permission-rows/all.js';
import type { Made, Row } from '../access/permission-rows/row.js';
import { buildWorld, type World } from '../harness/builders/world.js';
import { knock, letIn } from '../harness/knock.js';
import { entryOf } from '../harness/router.js';
import { startApp, type TestApp } from '../harness/start-app.js';
import { dayFromNow } from '../harness/test-clock.js';

let app: TestApp;
let world: World;
beforeAll(async () => {
  app = await startApp({ jobs: false });
  world = await buildWorld(app);
}, 120_000);
afterAll(() => app.close());

/**
 * Forms that stand only beside a row, or beside an attempt that may be chosen or repeated: an empty one names neither.
 */
const others =
  /:id\/(sheet\/revisions|sheet\/pins(\/:pin\/remove)?|decisions|next-attempt|counts|comments\/(approve|hide))$/;

const forms = permissionRows.filter(({ route }) => {
  const { again, body } = entryOf(route).options;
  // Without a body there is nothing to fill in.
  return route.startsWith('POST') && again !== undefined && body !== undefined && !others.test(route);
});

const made = new Map<Row, Made | undefined>();

/** The page that answers a form, sent by somebody who may send it. */
async function send(row: Row, body: object) {
  const welcome = letIn(row);
  const who = (['admin', 'advisor', ...welcome] as const).find((persona) => welcome.includes(persona));
  if (!who) return null;
  // A form that is refused changes nothing, so what it is about is made once.
  if (!made.has(row)) made.set(row, await row.anew?.(world, who));
  return knock(world, row, who, made.get(row), { as: 'page', body });
}

/** Something that is nowhere a choice, in every field that a route reads. */
const wrongEverywhere = ({ route }: Row): object => {
  const { shape = {} } = entryOf(route).options.body as { shape?: object };
  return Object.fromEntries(Object.keys(shape).map((field) => [field, 'no-such-choice']));
};

/** The items of the summary, as `href|words`; without a link `|words`. */
function summaryOf(html: string): { href: string; words: string }[] {
  const list = /<div class="error-summary"[\s\S]*?<ul>([\s\S]*?)<\/ul>/.exec(html)?.[1] ?? '';
  return [...list.matchAll(/<li>(?:<a href="([^"]*)">)?([^<]*)/g)].map(([, href = '', words = '']) => ({
    href,
    words,
  }));
}

describe('the summary of errors', () => {
  it('knows the forms of the product', () => {
    expect(forms.length).toBeGreaterThan(25);
  });

  it('names every field of every form and leads to it', async () => {
    const silent: string[] = [];
    let seen = 0;
    for (const row of forms) {
      const reply = await send(row, {});
      if (reply?.status !== 422) continue;
      const items = summaryOf(reply.text);
      if (items.length === 0) silent.push(`${row.route}: no summary`);
      for (const { href, words } of items) {
        seen += 1;
        // What a form carries unseen is never missing in a browser.
        if (href === '#f-revision' || reply.text.includes(`type="hidden" name="${href.slice('#f-'.length)}"`))
          continue;
        const found = href.startsWith('#') && reply.text.includes(`id="${href.slice(1)}"`);
        if (!found || words === 'Please fill this in.') silent.push(`${row.route}: ${href}|${words}`);
      }
    }
    expect(silent).toEqual([]);
    expect(seen).toBeGreaterThan(20);
  }, 60_000);

  it('names choices in the words of the page, never in those of programs', async () => {
    const named: string[] = [];
    for (const row of forms) {
      const reply = await send(row, wrongEverywhere(row));
      if (reply?.status !== 422) continue;
      for (const { words } of summaryOf(reply.text)) {
        const [, choices] = /Please choose one of: (.*)\.$/.exec(words) ?? [];
        if (choices) named.push(...choices.split(', ').map((choice) => `${row.route}: ${choice}`));
      }
    }
    expect(named.filter((each) => /: [a-z0-9-]+$/.test(each))).toEqual([]);
    expect(named).toEqual(
      expect.arrayContaining([
        'POST /people/:id/erase: Consent was withdrawn',
        'POST /artifacts/:id/take-down: Added by mistake',
        'POST /school: A4',
      ]),
    );
  }, 60_000);

  it('speaks of one form only where a page has several, and leaves the other as it was', async () => {
    const admin = await world.client('admin');
    const before = (await admin.get('/school')).json<{ school: { name: string } }>().school.name;
    const typed = { name: 'Fall', startsOn: dayFromNow(-77), endsOn: dayFromNow(-108) };
    const { text, status } = await admin.post('/terms', typed, { as: 'page' });
    expect(status).toBe(422);
    expect(summaryOf(text)).toHaveLength(1);
    expect(summaryOf(text)[0]).toMatchObject({ href: '#f-term-endsOn' });
    expect(text).toContain(`id="f-name" name="name" required value="${before}"`);
    expect(text).toMatch(/id="f-term-name" name="name" required value="Fall"/);
  });

  it('speaks of the form without ids of its own, and of one of several alike', async () => {
    const admin = await world.client('admin');
    const { school, terms } = (await admin.get('/school')).json<{
      school: { timeZone: string; policies: { pageSize: string; voices: string } };
      terms: { id: string }[];
    }>();
    const typed = { timeZone: school.timeZone, ...school.policies, name: '', numberPrefix: '' };
    const settings = await admin.post('/school', typed, { as: 'page' });
    expect(settings.status).toBe(422);
    expect(summaryOf(settings.text)).toEqual([
      { href: '#f-name', words: 'Name of the school: Please fill this in.' },
    ]);
    expect(settings.text).not.toContain('id="f-term-name-problem"');
    const { id } = terms[0]!;
    const backwards = { name: 'Turned round', startsOn: dayFromNow(-77), endsOn: dayFromNow(-108) };
    const term = await admin.post(`/terms/${id}`, backwards, { as: 'page' });
    expect(summaryOf(term.text).map(({ href }) => href)).toEqual([`#f-${id}-endsOn`]);
    expect(term.text).toContain('<details open>');
    expect(term.text.match(/value="Turned round"/g)).toHaveLength(1);
  });
});
