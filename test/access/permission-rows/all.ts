/** All rows, room by room. */
import { artifactRows, portfolioRows } from './artifacts.js';
import { calendarRows } from './calendar.js';
import { coreRows } from './core.js';
import { erasureRows } from './erasure.js';
import { exhibitionRows } from './exhibition.js';
import { handoverRows } from './handover.js';
import { homeRows } from './home.js';
import { importRows } from './import.js';
import { mergeRows } from './merge.js';
import { paperRows } from './papers.js';
import { panelRows } from './panel.js';
import { planRows } from './plan.js';
import { rehearsalRows } from './rehearsals.js';
import { resultRows } from './results.js';
import type { Rows } from './row.js';
import { rubricRows } from './rubrics.js';
import { scheduleRows } from './schedule.js';
import { scoreRows } from './scores.js';
import { signInRows } from './sign-in.js';
import { visitRows } from './visits.js';

const rows: Rows = [
  ...coreRows,
  ...importRows,
  ...signInRows,
  ...homeRows,
  ...artifactRows,
  ...portfolioRows,
  ...planRows,
  ...rubricRows,
  ...exhibitionRows,
  ...panelRows,
  ...scheduleRows,
  ...calendarRows,
  ...scoreRows,
  ...visitRows,
  ...resultRows,
  ...paperRows,
  ...rehearsalRows,
  ...handoverRows,
  ...mergeRows,
  ...erasureRows,
];

/** Reading first: what is written later must not disturb it. */
export const permissionRows: Rows = [true, false].flatMap((reads) =>
  rows.filter(({ route }) => route.startsWith('GET ') === reads),
);
