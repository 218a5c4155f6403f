import { runners } from './groups.js';
import type { Rows } from './row.js';

function roster(): FormData {
  const form = new FormData();
  form.append('roster', new Blob(['role,id,name\nstudent,s-1,Itzel Núñez\n']), 'roster.csv');
  return form;
}

export const importRows: Rows = [
  { route: 'GET /people/import', expect: runners, otherwise: 'no' },
  { route: 'POST /people/import', expect: runners, otherwise: 'no', anew: () => ({ body: roster() }) },
];
