/** What the office takes out of an exhibition as tables, and who may. */
import { runsSchool, type Actor } from '../access/actor.js';

export const downloadKinds = ['slots', 'seats', 'scores', 'comments', 'results', 'visits'] as const;
export type DownloadKind = (typeof downloadKinds)[number];

/** Registrar and admin: the tables say what everybody wrote about everybody. */
export const mayDownload = (actor: Actor): boolean => actor.seatIds === null && runsSchool(actor);
