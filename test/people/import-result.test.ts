/** After an import: who is new, with a way to each, where the list of problems keeps the page open. */
import { expect, it } from '@jest/globals';
import { sendRoster } from '../harness/roster-desk.js';
import { startApp } from '../harness/start-app.js';

it('names who is new and leads to them', async () => {
  const app = await startApp();
  try {
    const school = await app.aSchool();
    await school.person({ name: 'Rita', roles: ['registrar'], email: 'rita@result.example' });
    const registrar = await app.as('rita@result.example');
    const bringIn = (fields: Record<string, string>, page: boolean) =>
      sendRoster(
        registrar,
        'role,name\nstudent,Ana Sol\nwizard,Wanda Wise\n',
        fields,
        page ? { as: 'page' } : {},
      );
    const dry = (await bringIn({ dryRun: 'true' }, false)).json<{ created: number; added: unknown[] }>();
    expect(dry).toMatchObject({ created: 1, added: [] });
    const { status, text } = await bringIn({}, true);
    expect(status).toBe(200);
    expect(text).toContain('wizard');
    const href = /<a class="label-title" href="(\/people\/[^"]+)">Ana Sol<\/a>/.exec(text)![1]!;
    const person = (await registrar.get(href)).json<{ person: { displayName: string } }>().person;
    expect(person.displayName).toBe('Ana Sol');
  } finally {
    await app.close();
  }
});
