import type { Rows } from './row.js';

export const homeRows: Rows = [{ route: 'GET /', expect: { visitor: 'in' }, otherwise: 'ok' }];
