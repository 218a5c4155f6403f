/**
 * Reads a place: programs send `place`, forms send fields by name (`page`, `from`, `x` …), percent and clock
 * times as people write them.
 */
import { z } from 'zod';
import { InvalidInput, type FieldProblem } from '../errors.js';
import { secondsOf } from './clock-time.js';
import { MAX_QUOTE } from './passage.js';
import { MAX_PAGES, MAX_PLACE_SECONDS, placeKindOf, type PinPlace } from './place.js';
import { resolvePlace, type PinnedWork } from './pin.js';

const share = z.number().min(0).max(1);
const second = z.number().min(0).max(MAX_PLACE_SECONDS);
const around = z.string().max(100).default('');

export const placeSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('page'), page: z.number().int().min(1).max(MAX_PAGES) }),
    z.object({ kind: z.literal('time'), from: second, to: second.optional() }),
    z.object({ kind: z.literal('region'), x: share, y: share, width: share, height: share }),
    z.object({
      kind: z.literal('passage'),
      quote: z.string().min(1).max(MAX_QUOTE),
      prefix: around,
      suffix: around,
      start: z.number().int().min(0),
    }),
    z.object({ kind: z.literal('whole') }),
  ])
  .describe(
    'By the way the work is shown: page of a PDF; seconds of audio or video; shares of the upright picture; a passage of a text; whole for links and other files.',
  );

const typed = z.string().trim().max(40).optional();

/** Fields that a body with a place has. */
export const placeBody = z.object({
  place: placeSchema.optional(),
  page: typed,
  from: typed,
  to: typed,
  x: typed,
  y: typed,
  width: typed,
  height: typed,
  quote: z
    .string()
    .max(2 * MAX_QUOTE)
    .optional(),
  start: typed,
});
export type PlaceBody = z.output<typeof placeBody>;

const numberOf = (text: string): number =>
  /^-?\d+([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : NaN;

function fromForm(work: PinnedWork, body: PlaceBody): PinPlace | FieldProblem {
  // A page or time that somebody has typed is never dropped without a word, even where it cannot be checked.
  const isTyped = Boolean(body.page || body.from || body.to);
  const kind = placeKindOf(work.shown, isTyped ? undefined : work.extent);
  const missing = (names: readonly (keyof PlaceBody)[]): FieldProblem | null => {
    const field = names.find((name) => !body[name]);
    return field ? { field, message: 'common.problem.required' } : null;
  };
  switch (kind) {
    case 'page':
      return missing(['page']) ?? { kind, page: numberOf(body.page ?? '') };
    case 'time':
      return (
        missing(['from']) ?? {
          kind,
          from: secondsOf(body.from ?? ''),
          ...(body.to ? { to: secondsOf(body.to) } : {}),
        }
      );
    case 'region': {
      const part = (name: 'x' | 'y' | 'width' | 'height') => numberOf(body[name] ?? '') / 100;
      return (
        missing(['x', 'y', 'width', 'height']) ?? {
          kind,
          ...{ x: part('x'), y: part('y'), width: part('width'), height: part('height') },
        }
      );
    }
    case 'passage': {
      const start = numberOf(body.start || '0');
      return (
        missing(['quote']) ?? {
          kind,
          quote: body.quote?.trim() ?? '',
          prefix: '',
          suffix: '',
          start: Number.isNaN(start) ? 0 : start,
        }
      );
    }
    case 'whole':
      return { kind };
  }
}

const fieldOfKind = { page: 'page', time: 'from', region: 'x', passage: 'quote', whole: 'place' } as const;

/** @throws InvalidInput naming the field that holds no place in this work */
export function readPlace(work: PinnedWork, body: PlaceBody): PinPlace {
  const place = body.place ?? fromForm(work, body);
  if ('message' in place) throw new InvalidInput([place]);
  const settled = resolvePlace(work, clampedToEdge(place));
  if ('place' in settled) return settled.place;
  const { field = fieldOfKind[placeKindOf(work.shown)], ...problem } = settled.problem;
  throw new InvalidInput([{ ...problem, field: body.place ? 'place' : field }]);
}

/** A rectangle that rounding has pushed a hair over the edge ends at it. */
function clampedToEdge(place: PinPlace): PinPlace {
  if (place.kind !== 'region') return place;
  const side = (from: number, length: number) =>
    from + length > 1 && from + length < 1.005 ? 1 - from : length;
  return { ...place, width: side(place.x, place.width), height: side(place.y, place.height) };
}
