/** Pictures of what stands on tables. */
import {
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

export const tableScenes: Record<string, Scene> = {
  shoe: {
    alt: 'One shoe in profile with stitched panels and laces, standing on a folded sheet of paper with pencil lines.',
    draw({ p, n }) {
      const lift = n(-14, 14);
      return (
        wash(p.pale, p.soft) +
        shape('M80 640L1040 560L1150 800L120 860Z', '#fff', 'opacity=".7"') +
        times(5, (k) =>
          stroke(
            `M${180 + k * 170} ${660 + k * 6}q60 ${n(30, 80)} 150 ${n(10, 60)}`,
            p.mid,
            2,
            'opacity=".6"',
          ),
        ) +
        oval(600, 742, 430, 36, p.night, 'opacity=".4"') +
        shape(
          `M240 ${350 + lift}Q300 300 400 330L470 350Q620 470 780 520Q960 560 990 640L990 690H220Q200 520 240 ${350 + lift}Z`,
          p.accent,
        ) +
        shape('M640 462Q760 530 880 548Q980 580 990 660H720Q660 580 640 462Z', p.warm) +
        shape(
          `M240 ${350 + lift}Q300 300 400 330L420 440Q330 520 222 560Q216 440 240 ${350 + lift}Z`,
          p.deep,
        ) +
        stroke(
          'M640 462Q660 580 720 660M420 440Q330 520 222 560M470 350Q500 420 620 500',
          p.paper,
          4,
          'stroke-dasharray="13 10"',
        ) +
        times(6, (k) => stroke(`M${478 + k * 36} ${372 + k * 27}l52 ${-26}`, p.paper, 12)) +
        shape('M205 680H1005Q1020 730 980 742H230Q200 736 205 680Z', p.paper) +
        times(24, (k) => line(240 + k * 31, 716, 252 + k * 31, 742, p.mid, 4)) +
        stroke('M216 700H1002', p.mid, 3)
      );
    },
  },
  chess: {
    alt: 'A wooden chessboard with pegged squares, a raised rim and heavy turned pieces, seen at an angle from above.',
    draw({ p, n, chance }) {
      const at = (c: number, m: number): [number, number] => {
        const f = 0.62 + m * 0.055;
        return [600 + (c - 4) * 118 * f, 190 + m * 62 + m * m * 2.6];
      };
      const cell = (c: number, m: number) =>
        shape(
          polygon([at(c, m), at(c + 1, m), at(c + 1, m + 1), at(c, m + 1)]),
          (c + m) % 2 ? p.deep : p.pale,
        );
      const piece = (c: number, m: number, fill: string) => {
        const [x, y] = at(c + 0.5, m + 0.62);
        const s = 0.66 + m * 0.06;
        return (
          oval(x + 14 * s, y + 6, 34 * s, 12 * s, p.night, 'opacity=".4"') +
          shape(
            `M${x - 32 * s} ${y}Q${x - 8 * s} ${y - 30 * s} ${x - 15 * s} ${y - 76 * s}L${x + 15 * s} ${y - 76 * s}Q${x + 8 * s} ${y - 30 * s} ${x + 32 * s} ${y}Q${x} ${y + 15 * s} ${x - 32 * s} ${y}Z`,
            fill,
          ) +
          disc(x, y - 92 * s, 24 * s, fill) +
          (chance() < 0.3
            ? rect(x - 4 * s, y - 142 * s, 8 * s, 34 * s, fill) +
              rect(x - 14 * s, y - 130 * s, 28 * s, 8 * s, fill)
            : '') +
          disc(x - 8 * s, y - 98 * s, 6 * s, '#fff', 'opacity=".5"')
        );
      };
      return (
        wash(p.mid, p.deep) +
        shape(
          polygon([
            [260, 160],
            [940, 160],
            [1170, 880],
            [30, 880],
          ]),
          '#6d4527',
        ) +
        times(8, (m) => times(8, (c) => cell(c, m))) +
        times(8, (m) =>
          times(8, (c) => {
            const chanceOf = n(0, 1);
            return chanceOf < (m < 2 || m > 5 ? 0.42 : 0.1)
              ? piece(c, m, m < 4 ? p.night : p.warm)
              : disc(...at(c + 0.5, m + 0.55), 5, p.mid);
          }),
        )
      );
    },
  },
  flasks: {
    alt: 'Glass flasks with coloured liquids on a bench, joined by a condenser from which drops fall.',
    draw({ p, n }) {
      const fills = [p.warm, p.accent, p.soft, p.mid];
      const flask = (x: number, k: number) => {
        const level = n(0.35, 0.7);
        return (
          oval(x, 742, 92, 14, p.night, 'opacity=".3"') +
          shape(
            `M${x - 22} 400H${x + 22}V520L${x + 96} 710Q${x + 100} 738 ${x + 70} 740H${x - 70}Q${x - 100} 738 ${x - 96} 710L${x - 22} 520Z`,
            '#fff',
            `opacity=".55" stroke="${p.deep}" stroke-width="4"`,
          ) +
          shape(
            `M${x - 96 * (1 - level * 0.55)} ${730 - 190 * level}H${x + 96 * (1 - level * 0.55)}L${x + 94} 712Q${x + 96} 732 ${x + 70} 734H${x - 70}Q${x - 96} 732 ${x - 94} 712Z`,
            fills[k % 4]!,
            'opacity=".88"',
          ) +
          rect(x - 30, 390, 60, 14, p.deep, 'rx="6"') +
          stroke(`M${x - 62} 700L${x - 20} 590`, '#fff', 8, 'opacity=".7"') +
          times(5, () => disc(x + n(-50, 50), n(650, 720), n(3, 9), '#fff', 'opacity=".5"'))
        );
      };
      return (
        wash(p.paper, p.pale) +
        rect(0, 736, WIDE, 164, p.deep) +
        rect(0, 736, WIDE, 16, p.mid) +
        disc(190, 610, 122, '#fff', `opacity=".6" stroke="${p.deep}" stroke-width="5"`) +
        shape('M72 630A122 122 0 0 0 308 630Q190 600 72 630Z', p.accent, 'opacity=".85"') +
        rect(168, 380, 44, 120, '#fff', `opacity=".7" stroke="${p.deep}" stroke-width="4"`) +
        turned(
          17,
          400,
          330,
          rect(190, 300, 460, 62, '#fff', `rx="20" opacity=".6" stroke="${p.deep}" stroke-width="4"`) +
            stroke('M200 331q20 -26 40 0t40 0t40 0t40 0t40 0t40 0t40 0t40 0t40 0t40 0', p.mid, 8),
        ) +
        times(4, (k) => disc(652, 440 + k * 30, 7 - k, p.soft)) +
        [650, 850, 1050].map(flask).join('') +
        shape(`M150 742L190 ${n(700, 720)}L230 742Z`, p.warm)
      );
    },
  },
  pinball: {
    alt: 'A pinball table from above: round bumpers with lamps, lanes, two flippers and one steel ball with its trail.',
    draw({ p, n, chance }) {
      const bumper = (x: number, y: number, s: number, fill: string) =>
        disc(x, y, s + 16, p.night) +
        disc(x, y, s, fill) +
        ring(x, y, s * 0.66, p.paper, 6) +
        times(8, (k) => turned(k * 45, x, y, rect(x - 3, y - s * 0.55, 6, s * 0.3, p.paper))) +
        disc(x, y, s * 0.3, p.warm);
      const [bx, by] = [n(380, 820), n(470, 610)];
      return (
        rect(0, 0, WIDE, HIGH, p.night) +
        shape('M180 900V330Q180 40 600 40T1020 330V900Z', p.deep) +
        stroke('M180 900V330Q180 40 600 40T1020 330V900', p.warm, 13) +
        times(
          12,
          (k) =>
            disc(260 + k * 62, 560 + Math.sin(k) * 60, 9, chance() < 0.7 ? p.warm : p.mid) +
            disc(260 + k * 62, 560 + Math.sin(k) * 60, 24, p.warm, 'opacity=".13"'),
        ) +
        bumper(n(370, 430), 280, 74, p.accent) +
        bumper(n(570, 630), n(170, 200), 66, p.mid) +
        bumper(n(780, 830), 300, 80, p.accent) +
        bumper(600, 410, 54, p.soft) +
        shape('M260 600L260 760L400 830Z', p.soft) +
        shape('M940 600L940 760L800 830Z', p.soft) +
        turned(18, 430, 830, rect(420, 815, 170, 32, p.paper, 'rx="16"')) +
        turned(-18, 770, 830, rect(610, 815, 170, 32, p.paper, 'rx="16"')) +
        stroke(
          `M${bx} ${by}Q${bx + n(-200, 200)} ${by - 170} ${n(500, 700)} 250`,
          p.paper,
          5,
          'stroke-dasharray="3 15"',
        ) +
        disc(bx, by, 24, '#dfe3e6') +
        disc(bx - 8, by - 8, 8, '#fff') +
        times(
          7,
          (k) =>
            disc(90, 120 + k * 100, 26, k % 3 ? p.warm : p.mid) +
            disc(1110, 120 + k * 100, 26, k % 2 ? p.warm : p.mid),
        )
      );
    },
  },
  bowls: {
    alt: 'Bowls and small dishes seen from above on a cloth, each filled with something else, and a pair of chopsticks.',
    draw({ p, n, i }) {
      const colours = [p.soft, p.mid, p.warm, p.accent, p.pale];
      const bowl = (x: number, y: number, s: number, k: number) =>
        disc(x + 12, y + 16, s, p.night, 'opacity=".28"') +
        disc(x, y, s, '#fff') +
        ring(x, y, s * 0.93, p.mid, s * 0.05) +
        disc(x, y, s * 0.82, colours[k % 5]!) +
        times(i(12, 26), () => {
          const [a, f] = [n(0, 6.28), Math.sqrt(n(0, 1)) * s * 0.7];
          const [px, py] = [x + Math.cos(a) * f, y + Math.sin(a) * f];
          return k % 3 === 0
            ? stroke(`M${px - 30} ${py}q20 ${n(-20, 20)} 60 ${n(-8, 8)}`, p.paper, 6, 'opacity=".85"')
            : k % 3 === 1
              ? oval(
                  px,
                  py,
                  s * 0.12,
                  s * 0.06,
                  p.deep,
                  `opacity=".8" transform="rotate(${n(0, 180)} ${px} ${py})"`,
                )
              : ring(px, py, s * 0.09, p.paper, 4);
        }) +
        stroke(
          `M${x - s * 0.7} ${y - s * 0.4}A${s * 0.82} ${s * 0.82} 0 0 1 ${x - s * 0.1} ${y - s * 0.8}`,
          '#fff',
          7,
          'opacity=".7"',
        );
      const k = i(0, 4);
      return (
        rect(0, 0, WIDE, HIGH, p.deep) +
        times(
          40,
          (m) =>
            line(m * 31, 0, m * 31, HIGH, p.mid, 2, 'opacity=".3"') +
            line(0, m * 31, WIDE, m * 31, p.night, 2, 'opacity=".3"'),
        ) +
        bowl(n(420, 480), n(430, 470), 270, k) +
        bowl(n(900, 950), n(230, 270), 160, k + 1) +
        bowl(n(860, 910), n(640, 690), 190, k + 2) +
        bowl(130, 150, 92, k + 3) +
        bowl(120, 770, 104, k + 4) +
        bowl(1100, 470, 74, k + 2) +
        turned(
          n(-60, -50),
          690,
          760,
          rect(470, 752, 470, 13, p.warm, 'rx="6"') + rect(470, 776, 470, 13, p.warm, 'rx="6"'),
        )
      );
    },
  },
};
