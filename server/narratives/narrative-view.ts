/** What pages and programs may see of a narrative. Draft words go only to those who may write them. */
import { z } from 'zod';
import { linkMarkAnswer, markView } from '../access/password-link.js';
import { correctedViews, frozenNames, type FrozenNames } from '../people/frozen-names.js';
import { voices, type Narrative, type NarrativeVersion } from './narrative.js';
import { countWords, narrativeHtml } from './narrative-html.js';

export const versionAnswer = z.object({
  number: z.number(),
  markdown: z.string(),
  html: z.string(),
  words: z.number(),
  signedAt: z.string(),
  signedName: z.string(),
  corrected: z
    .array(z.object({ name: z.string(), at: z.string() }))
    .describe('Who is shown by a corrected name, and since when; the sealed words keep the earlier one.'),
  passwordLink: linkMarkAnswer,
  hash: z.string(),
});

export const narrativeAnswer = z.object({
  id: z.string(),
  studentId: z.string(),
  termId: z.string(),
  voice: z.enum(voices),
  state: z.enum(['draft', 'signed']),
  authorName: z.string(),
  revision: z.number(),
  latestVersion: z.number(),
  savedAt: z.string(),
  /** Null for readers who may not see the draft. */
  markdown: z.string().nullable(),
});

/** @param names which the version shows after a correction */
export const versionView = (version: NarrativeVersion, names: FrozenNames = frozenNames([], version.id)) => ({
  number: version.number,
  markdown: version.markdown,
  html: narrativeHtml(names.prose(version.markdown)),
  words: countWords(version.markdown),
  signedAt: version.signedAt.toISOString(),
  signedName: names.name(version.signedBy, version.signedName),
  corrected: correctedViews(names),
  passwordLink: markView(version.passwordLink),
  hash: version.hash,
});

export const narrativeView = (
  narrative: Narrative,
  withDraft: boolean,
): z.output<typeof narrativeAnswer> => ({
  id: narrative.id,
  studentId: narrative.studentId,
  termId: narrative.termId,
  voice: narrative.voice,
  state: narrative.state,
  authorName: narrative.authorName,
  revision: narrative.revision,
  latestVersion: narrative.latestVersion,
  savedAt: narrative.savedAt.toISOString(),
  markdown: withDraft ? narrative.markdown : null,
});
