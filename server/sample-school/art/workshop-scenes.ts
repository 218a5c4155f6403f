/** Pictures of what is built and repaired. */
import {
  around,
  disc,
  HIGH,
  line,
  oval,
  polygon,
  rect,
  ring,
  shape,
  stroke,
  times,
  turned,
  wash,
  WIDE,
  type Scene,
} from './draw.js';

export const workshopScenes: Record<string, Scene> = {
  bridge: {
    alt: 'A steel arch bridge seen from the bank, its hangers evenly spaced, with its reflection broken by the water.',
    draw({ p, n, i }) {
      const [rise, water] = [n(270, 350), 610];
      const half = (up: number) => {
        const arch = (extra: number) =>
          `M40 ${water - 90 * up}Q600 ${water - (rise + 330 + extra) * up} 1160 ${water - 90 * up}`;
        const count = i(15, 19);
        const hangers = times(count, (k) => {
          const at = (k + 1) / (count + 1);
          const x = 40 + 1120 * at;
          const y = water - up * (90 + 2 * at * (1 - at) * (rise + 240));
          return (
            line(x, y, x, water - 96 * up, p.night, 4) +
            (k > 0 ? line(x, y, x - 1120 / (count + 1), water - 96 * up, p.deep, 2, 'opacity=".7"') : '')
          );
        });
        return (
          stroke(arch(0), p.night, 17) +
          stroke(arch(52), p.deep, 9) +
          hangers +
          rect(0, up > 0 ? water - 112 : water + 92, WIDE, 22, p.night) +
          times(2, (k) => rect(60 + k * 1030, up > 0 ? water - 92 : water, 50, 96, p.deep))
        );
      };
      return (
        wash(p.warm, p.paper) +
        disc(n(700, 980), 420, 90, p.accent, 'opacity=".55"') +
        times(14, (k) => {
          const h = n(40, 170);
          return rect(k * 90 - 10, water - h - 60, n(50, 86), h + 60, p.soft, 'opacity=".55"');
        }) +
        rect(0, water, WIDE, 300, p.mid) +
        '<g opacity=".4">' +
        half(-1) +
        '</g>' +
        half(1) +
        times(70, () => {
          const y = n(water + 10, 890);
          return line(n(0, 1100), y, n(0, 1100) + 10, y, p.paper, n(1, 3), 'opacity=".35"');
        })
      );
    },
  },
  tram: {
    alt: 'An old two-axle tram with round headlamp stands in front of its shed; overhead wires cross the sky.',
    draw({ p, n, i }) {
      const number = i(2, 5);
      return (
        wash(p.pale, p.paper) +
        rect(70, 210, 1060, 520, p.soft) +
        shape('M40 215L600 70L1160 215Z', p.mid) +
        times(3, (k) => rect(120 + k * 345, 330, 270, 400, p.deep, 'opacity=".75"')) +
        line(0, 150, WIDE, 120, p.night, 3) +
        line(0, 176, WIDE, 190, p.night, 2) +
        rect(0, 730, WIDE, 170, p.deep) +
        line(0, 800, WIDE, 800, p.pale, 7) +
        line(0, 850, WIDE, 850, p.pale, 9) +
        line(560, 262, 720, 140, p.night, 7) +
        rect(190, 262, 820, 44, p.night, 'rx="20"') +
        rect(160, 300, 880, 400, p.accent, 'rx="26"') +
        rect(160, 300, 880, 200, p.paper, 'rx="26"') +
        rect(160, 470, 880, 34, p.paper) +
        times(
          7,
          (k) =>
            rect(200 + k * 117, 340, 98, 130, p.night, 'rx="8"') +
            shape(
              polygon([
                [206 + k * 117, 346],
                [262 + k * 117, 346],
                [216 + k * 117, 464],
                [206 + k * 117, 464],
              ]),
              '#fff',
              'opacity=".2"',
            ),
        ) +
        rect(160, 540, 880, 10, p.warm) +
        disc(230, 610, 36, p.night) +
        disc(230, 610, 26, p.warm) +
        times(number, (k) => rect(520 + k * 34, 580, 18, 60, p.paper)) +
        rect(260, 700, 680, 50, p.night) +
        times(
          2,
          (k) =>
            disc(380 + k * 430, 770, 62, p.night) +
            disc(380 + k * 430, 770, 40, p.mid) +
            times(6, (s) => turned(s * 60, 380 + k * 430, 770, rect(376 + k * 430, 734, 8, 36, p.night))),
        ) +
        times(30, () => disc(n(0, WIDE), n(810, 890), n(2, 6), p.night, 'opacity=".6"'))
      );
    },
  },
  gears: {
    alt: 'Brass and steel wheels with cut teeth mesh with each other on a dark plate, screws between them.',
    draw({ p, n, i }) {
      const gear = (x: number, y: number, size: number, teeth: number, fill: string) => {
        const points = around(teeth * 4, x, y, 1, n(0, 30)).map(([px, py], k): [number, number] => {
          const f = k % 4 < 2 ? size : size * 0.9;
          return [x + (px - x) * f, y + (py - y) * f];
        });
        return (
          shape(polygon(points), fill) +
          ring(x, y, size * 0.78, p.night, 3, 'opacity=".5"') +
          times(i(5, 6), (k) =>
            turned(
              k * 60,
              x,
              y,
              shape(
                `M${x - size * 0.11} ${y - size * 0.24}L${x - size * 0.22} ${y - size * 0.66}Q${x} ${y - size * 0.78} ${x + size * 0.22} ${y - size * 0.66}L${x + size * 0.11} ${y - size * 0.24}Z`,
                p.night,
                'opacity=".85"',
              ),
            ),
          ) +
          disc(x, y, size * 0.17, p.pale) +
          disc(x, y, size * 0.07, p.night)
        );
      };
      return (
        wash(p.deep, p.night) +
        times(60, (k) => line(0, k * 15, WIDE, k * 15 + 2, p.mid, 1, 'opacity=".12"')) +
        gear(n(390, 440), 430, n(270, 300), i(34, 46), p.warm) +
        gear(n(820, 860), n(240, 290), n(170, 190), i(22, 28), p.soft) +
        gear(n(870, 920), n(640, 690), n(190, 215), i(26, 32), p.mid) +
        gear(n(130, 180), n(760, 800), n(120, 140), i(16, 20), p.accent) +
        times(6, (k) => {
          const [x, y] = [60 + (k % 3) * 530 + n(-20, 20), k < 3 ? 60 : 840];
          return disc(x, y, 20, p.soft) + turned(n(0, 180), x, y, rect(x - 17, y - 3, 34, 6, p.night));
        })
      );
    },
  },
  type: {
    alt: 'A large curved letter form, drawn in outline over its solid shape, with construction lines, circles and control points.',
    draw({ p, n }) {
      const [a, b] = [n(-40, 40), n(-30, 40)];
      const d = `M${330 + a} 640C${250 + a} 360 ${430 + a} 200 600 220C780 240 ${820 + b} 400 ${760 + b} 520C${700 + b} 640 520 640 500 520C486 430 590 400 640 470M${760 + b} 520C${800 + b} 700 ${900 + b} 720 ${960 + b} 600`;
      const points: [number, number][] = [
        [330 + a, 640],
        [600, 220],
        [760 + b, 520],
        [500, 520],
        [640, 470],
        [960 + b, 600],
      ];
      return (
        rect(0, 0, WIDE, HIGH, p.paper) +
        times(
          25,
          (k) => line(k * 50, 0, k * 50, HIGH, p.pale, 1.5) + line(0, k * 50, WIDE, k * 50, p.pale, 1.5),
        ) +
        line(0, 640, WIDE, 640, p.accent, 2.5) +
        line(0, 220, WIDE, 220, p.accent, 2.5) +
        line(0, 760, WIDE, 760, p.soft, 2, 'stroke-dasharray="10 10"') +
        stroke(d, p.night, 96) +
        stroke(d, p.paper, 3) +
        points
          .map(([x, y], k) => {
            const angle = n(0, 6);
            const [dx, dy] = [Math.cos(angle) * 120, Math.sin(angle) * 120];
            return (
              line(x - dx, y - dy, x + dx, y + dy, p.accent, 2.5) +
              disc(x - dx, y - dy, 9, p.paper, `stroke="${p.accent}" stroke-width="3"`) +
              disc(x + dx, y + dy, 9, p.paper, `stroke="${p.accent}" stroke-width="3"`) +
              rect(x - 10, y - 10, 20, 20, k % 2 ? p.warm : p.accent)
            );
          })
          .join('') +
        ring(600, 330, 110, p.mid, 2, 'opacity=".7"') +
        ring(620, 490, 130, p.mid, 2, 'opacity=".7"') +
        times(6, (k) => disc(1090, 160 + k * 36, 5 + k * 2.4, p.mid))
      );
    },
  },
  boat: {
    alt: 'A small clinker-built rowing boat lies at its mooring on still water, planks overlapping from keel to rail.',
    draw({ p, n, i }) {
      const planks = i(7, 8);
      const plank = (k: number) => {
        const at = k / planks;
        return (
          shape(
            `M${150 + at * 70} ${420 + at * 200}Q600 ${560 + at * 170} ${1060 - at * 80} ${400 + at * 210}L${1050 - at * 80} ${446 + at * 205}Q600 ${606 + at * 160} ${164 + at * 72} ${462 + at * 196}Z`,
            k === 0 ? p.accent : k % 2 ? p.warm : p.soft,
          ) +
          stroke(
            `M${150 + at * 70} ${420 + at * 200}Q600 ${560 + at * 170} ${1060 - at * 80} ${400 + at * 210}`,
            p.night,
            3,
          )
        );
      };
      return (
        wash(p.pale, p.paper) +
        times(4, (k) =>
          shape(
            `M-20 ${250 + k * 34}Q${n(200, 500)} ${190 + k * 30} 640 ${250 + k * 34}T1220 ${240 + k * 34}L1220 620L-20 620Z`,
            k < 2 ? p.soft : p.mid,
            `opacity="${0.3 + k * 0.16}"`,
          ),
        ) +
        rect(0, 380, WIDE, 520, p.mid) +
        times(60, () => {
          const [x, y] = [n(0, 1100), n(400, 890)];
          return line(x, y, x + n(40, 240), y, p.pale, n(1, 3), 'opacity=".35"');
        }) +
        oval(600, 690, 430, 50, p.night, 'opacity=".45"') +
        shape('M150 420Q600 360 1060 400Q600 480 150 420Z', p.night) +
        times(3, (k) => rect(370 + k * 170, 400, 60, 40, p.warm)) +
        times(planks, plank) +
        line(300, 380, 760, 470, p.deep, 12) +
        oval(800, 478, 60, 16, p.deep, 'transform="rotate(12 800 478)"') +
        stroke('M1060 400Q1130 470 1180 420', p.night, 4)
      );
    },
  },
};
