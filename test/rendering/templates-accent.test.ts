import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accentStyles, contrast, judgeAccent } from '../../server/rendering/accent.js';

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#0000ff', '#ffffff', 8.59],
  ])('of %s on %s is %d as WCAG counts', (one, other, ratio) => {
    expect(contrast(one, other)).toBeCloseTo(ratio, 2);
    expect(contrast(other, one)).toBeCloseTo(ratio, 2);
  });
});

describe("a school's accent", () => {
  it.each(['', 'teal', '#12345', '#12345g', 'rgb(1,2,3)', '#0f5c63;}body{display:none'])(
    'refuses "%s"',
    (text) => {
      expect(judgeAccent(text)).toEqual({ ok: false, reason: 'not-a-colour' });
      expect(accentStyles(text)).toBeNull();
    },
  );

  it('refuses what is too faint and says what was measured', () => {
    expect(judgeAccent('#f2b705')).toEqual({ ok: false, reason: 'too-faint', ratio: 1.74, needed: 4.5 });
  });

  it('keeps a good colour in the light and lifts it for the dark', () => {
    const verdict = judgeAccent('#0F5C63');
    expect(verdict).toMatchObject({ ok: true, modes: { light: { accent: '#0f5c63', onAccent: '#ffffff' } } });
    expect(accentStyles('#0f5c63')).toContain('prefers-color-scheme:dark');
  });

  it('can be read in both modes, whatever colour is accepted', () => {
    const hex = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(hex, (colour) => {
        const verdict = judgeAccent(colour);
        if (!verdict.ok) return verdict.reason === 'too-faint' && verdict.ratio < 4.5;
        const { light, dark } = verdict.modes;
        return (
          contrast(light.accent, '#fbfaf7') >= 4.5 &&
          contrast(light.accent, light.onAccent) >= 4.5 &&
          contrast(dark.accent, '#211f1c') >= 4.5 &&
          contrast(dark.accent, '#161513') >= 4.5 &&
          contrast(dark.accent, dark.onAccent) >= 4.5
        );
      }),
    );
  });
});
