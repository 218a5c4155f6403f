import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anchor, cutAt } from '../../server/artifacts/passage.js';
import { carryOver, resolvePlace, type Pin, type PinnedWork } from '../../server/artifacts/pin.js';
import {
  placeCode,
  placeFromCode,
  problemOfPlace,
  tidyPlace,
  type PinPlace,
} from '../../server/artifacts/place.js';
import { clockTime, secondsOf } from '../../server/artifacts/clock-time.js';
import type { ShownKind } from '../../server/artifacts/show-version.js';

const text = 'I bent the first chair. It broke.\r\nI bent the second chair. It held.';
const aWork = (shown: ShownKind, more: Partial<PinnedWork> = {}): PinnedWork => ({
  ...{ artifactId: 'a', artifactVersionId: 'v1', versionNumber: 1, title: 'A chair', altText: '', shown },
  ...{ url: null, text: shown === 'text' ? text : null },
  ...more,
});

describe('a place', () => {
  it.each<[string, PinPlace, ShownKind, string | null]>([
    ['a page', { kind: 'page', page: 3 }, 'pdf', null],
    ['page 0', { kind: 'page', page: 0 }, 'pdf', 'place-page'],
    ['half a page', { kind: 'page', page: 1.5 }, 'pdf', 'place-page'],
    ['a page of a picture', { kind: 'page', page: 1 }, 'image', 'place-kind'],
    ['a moment', { kind: 'time', from: 0 }, 'audio', null],
    ['a span', { kind: 'time', from: 1, to: 2.5 }, 'video', null],
    ['a span backwards', { kind: 'time', from: 2, to: 1 }, 'video', 'place-time-order'],
    ['no number', { kind: 'time', from: NaN }, 'audio', 'place-time'],
    ['a region', { kind: 'region', x: 0.1, y: 0.2, width: 0.3, height: 0.8 }, 'image', null],
    ['all of it', { kind: 'region', x: 0, y: 0, width: 1, height: 1 }, 'image', null],
    [
      'beyond the edge',
      { kind: 'region', x: 0.9, y: 0, width: 0.2, height: 1 },
      'image',
      'place-region-beyond',
    ],
    ['outside', { kind: 'region', x: 1.2, y: 0, width: 0.2, height: 1 }, 'image', 'place-region-start'],
    ['a mere line', { kind: 'region', x: 0, y: 0, width: 1, height: 0 }, 'image', 'place-region'],
    ['a whole link', { kind: 'whole' }, 'link', null],
    ['a whole file', { kind: 'whole' }, 'file', null],
    ['a whole film', { kind: 'whole' }, 'video', 'place-kind'],
  ])('%s', (_name, place, shown, problem) => {
    expect(problemOfPlace(place, shown)?.message ?? null).toBe(problem && `artifacts.problem.${problem}`);
  });

  it.each<[string, PinPlace, ShownKind, object | null]>([
    ['the last page', { kind: 'page', page: 5 }, 'pdf', null],
    ['a page after it', { kind: 'page', page: 6 }, 'pdf', { message: 'page-beyond', params: { count: 5 } }],
    ['the end', { kind: 'time', from: 40 }, 'audio', null],
    ['where a player stops', { kind: 'time', from: 10, to: 40.4 }, 'video', null],
    ['after it', { kind: 'time', from: 41 }, 'audio', { message: 'time-beyond', params: { length: '0:40' } }],
    [
      'a span that ends after it',
      { kind: 'time', from: 10, to: 540 },
      'video',
      { message: 'time-beyond', field: 'to', params: { length: '0:40' } },
    ],
  ])('in a work of five pages and forty seconds: %s', (_name, place, shown, problem) => {
    const found = problemOfPlace(place, shown, { pages: 5, seconds: 40 });
    expect(found && { ...found, message: found.message.replace('artifacts.problem.place-', '') }).toEqual(
      problem,
    );
    if (!found) expect(tidyPlace(place, { seconds: 40 })).toMatchObject({ kind: place.kind });
  });

  it('at the end of a recording is kept as its end', () => {
    expect(tidyPlace({ kind: 'time', from: 10, to: 40.4 }, { seconds: 40.25 })).toEqual({
      ...{ kind: 'time', from: 10, to: 40.25 },
    });
  });

  it('keeps within the picture whatever rounding does', () => {
    const share = fc.integer({ min: 0, max: 1_000_000 }).map((part) => part / 1_000_000);
    fc.assert(
      fc.property(share, share, share, share, (x, y, right, below) => {
        const [width, height] = [right * (1 - x), below * (1 - y)];
        fc.pre(Math.min(width, height) > 0.01);
        const tidy = tidyPlace({ kind: 'region', x, y, width, height });
        expect(problemOfPlace(tidy, 'image')).toBeNull();
        expect(placeFromCode(placeCode(tidy), 'image', null)).toEqual(tidy);
      }),
    );
  });

  it.each<[PinPlace, ShownKind]>([
    [{ kind: 'page', page: 12 }, 'pdf'],
    [{ kind: 'time', from: 83.5 }, 'audio'],
    [{ kind: 'time', from: 12, to: 20.1 }, 'video'],
    [{ kind: 'region', x: 0.1, y: 0.25, width: 0.5, height: 0.75 }, 'image'],
    [{ kind: 'whole' }, 'link'],
    [{ kind: 'whole' }, 'pdf'],
  ])('stands in an address: %j', (place, shown) => {
    expect(placeFromCode(placeCode(place), shown, null)).toEqual(place);
  });

  it.each(['page:x', 'page:-1', 'time:', 'region:0,0,2,1', 'passage:1-2', 'whole', '', 'page:1e9'])(
    'is not read from %j of a picture',
    (code) => expect(placeFromCode(code, 'image', null)).toBeNull(),
  );

  it('says times as people do, and reads them', () => {
    expect([0, 59.97, 83.5, 3723].map(clockTime)).toEqual(['0:00', '1:00', '1:23.5', '1:02:03']);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000 }), (tenths) => {
        expect(secondsOf(clockTime(tenths / 10))).toBeCloseTo(tenths / 10, 5);
      }),
    );
    expect(['a minute', '9:99', '1:60', '1:75:00', '1:02:60'].map(secondsOf)).toEqual(Array(5).fill(NaN));
    expect(['62:03', '99', '1:59:59.9'].map(secondsOf)).toEqual([3723, 99, 7199.9]);
  });
});

describe('a passage', () => {
  it('is found by its words, the lines broken anywhere', () => {
    const found = anchor(text, { quote: 'It broke. I bent' });
    expect(found).toMatchObject({ quote: 'It broke.\nI bent', start: 24 });
    expect(found?.prefix.endsWith('first chair. ')).toBe(true);
    const { before, marked, after } = cutAt(text, found!);
    expect([before + marked + after, marked]).toEqual([text.replace('\r\n', '\n'), 'It broke.\nI bent']);
  });

  it('of several alike is the one that stands where it was, or in the same company', () => {
    expect(anchor(text, { quote: 'I bent the', start: 34 })?.start).toBe(34);
    const second = anchor(text, { quote: 'I bent the', prefix: 'It broke.\n', suffix: ' second' });
    expect(second?.start).toBe(34);
    expect(anchor(`Earlier words. ${text}`, { ...second! })?.start).toBe(49);
  });

  it.each(['', '   ', 'I never said this', 'x'.repeat(2000)])('is not there: %j', (quote) => {
    expect(anchor(text, { quote })).toBeNull();
  });

  it('takes signs for signs', () => {
    expect(anchor('Is 1+1 (really) 2?', { quote: '1+1 (really)' })?.start).toBe(3);
  });
});

describe('a pin', () => {
  const pin = (place: PinPlace): Pin => ({
    ...{ id: 'p', criterionId: 'c', artifactVersionId: 'v1', note: '', place },
  });

  it('keeps the words as they stand in the version', () => {
    const settled = resolvePlace(aWork('text'), {
      ...{ kind: 'passage', quote: 'It  held', prefix: '', suffix: '', start: 0 },
    });
    expect(settled).toMatchObject({ place: { kind: 'passage', quote: 'It held', start: 59 } });
    expect(resolvePlace(aWork('text'), { kind: 'page', page: 1 })).toEqual({
      problem: { message: 'artifacts.problem.place-kind' },
    });
  });

  it('goes over to a newer version where its words are found again, and nowhere else', () => {
    const newer = { artifactVersionId: 'v2', versionNumber: 2 };
    const passage = resolvePlace(aWork('text'), {
      ...{ kind: 'passage', quote: 'It held', prefix: '', suffix: '', start: 0 },
    });
    if (!('place' in passage)) throw new Error('no passage');
    const carried = carryOver(pin(passage.place), aWork('text', { ...newer, text: `New. ${text}` }));
    expect(carried).toMatchObject({ artifactVersionId: 'v2', place: { quote: 'It held', start: 64 } });
    expect(carryOver(pin(passage.place), aWork('text', { ...newer, text: 'Other words.' }))).toBeNull();
    const short = carryOver(
      pin(passage.place),
      aWork('text', { ...newer, text: 'They wrote: It held no water.' }),
    );
    expect(short).toBeNull();
    const chinese = { kind: 'passage', quote: '橋は強かった', prefix: '', suffix: '', start: 0 } as const;
    expect(carryOver(pin(chinese), aWork('text', { ...newer, text: '橋は強かった。' }))).not.toBeNull();
    expect(carryOver(pin({ kind: 'page', page: 2 }), aWork('pdf', newer))).toBeNull();
    const same = pin({ kind: 'page', page: 2 });
    expect(carryOver(same, aWork('pdf'))).toBe(same);
  });
});
