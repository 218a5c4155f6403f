/** The way back from a work: to its student, and to all their work. */
import type { Call } from '../http/route.js';

export const homeCrumb = (student: { id: string; displayName: string }) => [
  { href: `/students/${student.id}`, label: student.displayName },
];
export const wallCrumbs = (call: Pick<Call, 't'>, student: { id: string; displayName: string }) => [
  ...homeCrumb(student),
  { href: `/students/${student.id}/artifacts`, label: call.t('artifacts.wall.crumb') },
];
