/** After an import: who is new, with a way to each, where the list of problems keeps the page open. */
import { expect, it } from '@jest/globals';
import { startApp } from '../harness/start-app.js';

it('names who is new and leads to them', async () => {
  const app = await startApp({ jobs: false });
  try {
    const school = await app.aSchool();
    await school.person({ name: 'Rita', roles: ['registrar'], email: 'rita@result.example' });
    const registrar = await app.as('rita@result.example');
    const bringIn = (fields: Record<string, string>, page: boolean) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append('roster', new Blob(['role,name\nstudent,Ana Sol\nwizard,Wanda Wise\n']), 'roster.csv');
      return registrar.send('POST', '/people/import', form, page ? { as: 'page' } : {});
    };
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
