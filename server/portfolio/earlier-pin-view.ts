/** What pages and programs see of a pin on an earlier version. Pure. */
import { z } from 'zod';
import { pinnedWorkOf } from '../artifacts/pin.js';
import { placeSchema } from '../artifacts/read-place.js';
import { placeHref, placeView } from '../artifacts/show-place.js';
import { earlierStates, type EarlierPin } from './earlier-pins.js';

export const earlierPinAnswer = z.object({
  id: z.string(),
  criterionId: z.string(),
  criterion: z.string(),
  note: z.string(),
  place: placeSchema,
  versionNumber: z.number().nullable().describe('That it was set on; null when it is gone.'),
  href: z.string().nullable().describe('Opens that version with the place marked.'),
  state: z
    .enum(earlierStates)
    .describe(
      '`undecided`: submitting waits until it is kept, moved or removed. `kept`: it stays on its version. `found-again`: its words are in the newest version and it goes there.',
    ),
});

/**
 * @param work whose versions these are
 * @param named the name of a criterion
 */
export const earlierPinViews = (
  pins: readonly EarlierPin[],
  { artifactId, title, altText }: { artifactId: string; title: string; altText: string },
  named: (criterionId: string) => string,
) =>
  pins.map(({ pin: { id, criterionId, note, place }, version, state }) => {
    const work =
      version && !version.takenDown
        ? pinnedWorkOf({
            ...version,
            ...{ artifactId, title, altText, artifactVersionId: version.id, versionNumber: version.number },
          })
        : null;
    return {
      ...{ id, criterionId, criterion: named(criterionId), note, place, state },
      versionNumber: work?.versionNumber ?? null,
      href: work && placeHref(work, place),
      said: placeView(place),
    };
  });
