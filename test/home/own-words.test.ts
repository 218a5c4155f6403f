/** A student reads about themselves in the second person; everybody else reads the name. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPanel, type TestPanel } from '../harness/builders/scores.js';
import { startApp, type TestApp } from '../harness/start-app.js';

let app: TestApp;
let panel: TestPanel;
beforeAll(async () => {
  app = await startApp();
  panel = await aPanel(app);
});
afterAll(() => app.close());

describe('the head of a page about a student', () => {
  it.each([
    ['artifacts', 'Your work', 'Work by'],
    ['portfolios', 'Your portfolios', 'Portfolios of'],
    ['narratives', 'Your narratives', 'Narratives of'],
    ['plan', 'Your learning plan', 'Learning plan of'],
    ['internships/new', 'Your new internship', 'New internship of'],
  ])('%s', async (room, own, others) => {
    const { id, displayName } = panel.people.student;
    const headOf = async (who: 'student' | 'advisor') => {
      const { text } = await (await panel.as(who)).get(`/students/${id}/${room}`, { as: 'page' });
      return /<h1[^>]*>([^<]*)<\/h1>/.exec(text)?.[1];
    };
    expect([await headOf('student'), await headOf('advisor')]).toEqual([own, `${others} ${displayName}`]);
  });
});
