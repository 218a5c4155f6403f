/** Pictures through a lens, under glass and under the night sky. */
import {
  disc,
  HIGH,
  line,
  oval,
  rect,
  ring,
  shape,
  stroke,
  through,
  times,
  turned,
  wash,
  WIDE,
  type Scene,
} from './draw.js';

export const scienceScenes: Record<string, Scene> = {
  ammonite: {
    alt: 'The coiled shell of an ammonite lies in polished grey stone; ribs follow the spiral to its centre.',
    draw({ p, n }) {
      const [cx, cy, start] = [n(560, 660), n(430, 480), n(0, 6)];
      const at = (turn: number, extra = 0): [number, number] => {
        const radius = 22 * Math.exp(0.155 * turn) * (1 + extra);
        return [cx + radius * Math.cos(turn + start), cy + radius * Math.sin(turn + start)];
      };
      const outer = Array.from({ length: 190 }, (_, k) => at(k * 0.1));
      const body = times(150, (k) => {
        const [x, y] = at(4 + k * 0.1);
        return disc(x, y, 9 * Math.exp(0.0155 * (k + 40)) * 0.72, k % 2 ? p.warm : p.soft);
      });
      const ribs = times(92, (k) => {
        const turn = 5 + k * 0.15;
        const [x1, y1] = at(turn, 0.24);
        const [x2, y2] = at(turn, -0.26);
        return line(x1, y1, x2, y2, p.deep, 2 + k * 0.04, 'opacity=".75" stroke-linecap="round"');
      });
      return (
        wash(p.mid, p.deep) +
        times(240, () =>
          oval(
            n(0, WIDE),
            n(0, HIGH),
            n(3, 34),
            n(1, 5),
            p.pale,
            `opacity="${n(0.06, 0.2)}" transform="rotate(${n(-20, 20)})"`,
          ),
        ) +
        disc(cx, cy, 330, p.night, 'opacity=".25"') +
        body +
        ribs +
        stroke(through(outer), p.night, 3, 'opacity=".6"')
      );
    },
  },
  microscope: {
    alt: 'The round field of a microscope: budding yeast cells in chains like beads, and thin rods between them.',
    draw({ p, n, i }) {
      const chain = () => {
        let [x, y, a] = [n(250, 950), n(130, 770), n(0, 6)];
        return times(i(3, 8), () => {
          const size = n(14, 30);
          const cell =
            disc(x, y, size, p.soft, 'opacity=".8"') +
            ring(x, y, size, p.deep, 2.5) +
            disc(x - size * 0.25, y - size * 0.25, size * 0.3, p.accent, 'opacity=".75"');
          a += n(-0.6, 0.6);
          x += Math.cos(a) * size * 1.8;
          y += Math.sin(a) * size * 1.8;
          return cell;
        });
      };
      return (
        rect(0, 0, WIDE, HIGH, p.night) +
        `<defs><clipPath id="eye"><circle cx="600" cy="450" r="410"/></clipPath></defs><g clip-path="url(#eye)">` +
        rect(0, 0, WIDE, HIGH, p.pale) +
        times(80, () => {
          const [x, y] = [n(180, 1020), n(40, 860)];
          return turned(n(0, 180), x, y, rect(x, y, n(18, 40), 5, p.mid, 'rx="2.5" opacity=".8"'));
        }) +
        times(i(22, 28), chain) +
        '</g>' +
        ring(600, 450, 412, p.deep, 18)
      );
    },
  },
  jars: {
    alt: 'Sample jars stand in a row on a window sill, filled to different heights with water that grows clearer.',
    draw({ p, n }) {
      const count = 5;
      const jar = (k: number) => {
        const x = 110 + k * 205;
        const level = n(330, 470);
        return (
          rect(x, 250, 160, 460, '#fff', 'rx="26" opacity=".45"') +
          rect(
            x + 8,
            level,
            144,
            702 - level,
            k < 2 ? p.warm : p.soft,
            `rx="20" opacity="${0.9 - k * 0.13}"`,
          ) +
          oval(x + 80, level, 72, 12, '#fff', 'opacity=".6"') +
          rect(x + 16, 205, 128, 50, p.deep, 'rx="10"') +
          rect(x + 24, 290, 12, 330, '#fff', 'rx="6" opacity=".7"') +
          rect(x + 44, 520, 84, 60, p.paper) +
          line(x + 54, 540, x + 112, 540, p.mid, 3) +
          line(x + 54, 558, x + 96, 558, p.mid, 3) +
          times(k === 0 ? 24 : 4, () =>
            disc(x + n(24, 136), n(level + 30, 690), n(1.5, 4), p.deep, 'opacity=".6"'),
          )
        );
      };
      return (
        wash(p.pale, p.paper) +
        times(3, (k) => rect(60 + k * 380, 40, 340, 660, '#fff', 'opacity=".55"')) +
        times(7, () => disc(n(60, 1140), n(80, 400), n(30, 120), p.soft, 'opacity=".18"')) +
        rect(0, 706, WIDE, 194, p.deep) +
        rect(0, 706, WIDE, 22, p.mid) +
        times(count, jar)
      );
    },
  },
  fish: {
    alt: 'Eleven small fish seen from the side in green water, most of them facing left; bubbles rise at the right.',
    draw({ p, n, chance }) {
      const fish = (k: number) => {
        const [x, y, s] = [
          190 + (k % 4) * 270 + n(-60, 60),
          190 + Math.floor(k / 4) * 240 + n(-50, 50),
          n(0.8, 1.35),
        ];
        const flip = chance() < 0.8 ? 1 : -1;
        return (
          `<g transform="translate(${x} ${y}) scale(${flip * s} ${s})">` +
          shape('M-70 0Q-20 -44 50 -6L92 -34L82 0L92 34L50 6Q-20 44 -70 0Z', k % 3 ? p.warm : p.accent) +
          shape('M-20 -24Q10 -52 30 -18Z', p.deep) +
          disc(-44, -6, 6, p.night) +
          times(5, (m) => stroke(`M${-18 + m * 13} -12q8 12 0 24`, p.paper, 2, 'opacity=".6"')) +
          '</g>'
        );
      };
      return (
        wash(p.soft, p.deep) +
        times(9, (k) =>
          shape(
            `M${k * 150} 0L${k * 150 + 60} 0L${k * 150 - 120} 900L${k * 150 - 260} 900Z`,
            '#fff',
            'opacity=".06"',
          ),
        ) +
        times(11, fish) +
        times(26, () => ring(n(1020, 1130), n(80, 860), n(4, 17), p.paper, 2.5, 'opacity=".7"')) +
        times(16, () => {
          const x = n(0, WIDE);
          return stroke(
            `M${x} 900q${n(-40, 40)} -80 ${n(-30, 30)} ${n(-200, -110)}`,
            p.night,
            11,
            'opacity=".7"',
          );
        })
      );
    },
  },
  telescope: {
    alt: 'A small observatory dome stands open under a sky full of stars; the Milky Way leans across it.',
    draw({ p, n }) {
      const [x, ground0] = [n(300, 860), 745];
      const stars = times(420, () => {
        const at = n(-200, 1400);
        const spread = (n(0, 1) + n(0, 1) + n(0, 1) - 1.5) * 260;
        return disc(at, 700 - at * 0.45 + spread, n(0.5, 2.1), p.paper, `opacity="${n(0.3, 1)}"`);
      });
      return (
        wash(p.night, p.mid) +
        turned(
          -24,
          600,
          430,
          oval(600, 430, 900, 120, p.soft, 'opacity=".12"') +
            oval(600, 430, 800, 60, p.pale, 'opacity=".12"'),
        ) +
        stars +
        times(9, () => {
          const [sx, sy] = [n(40, 1160), n(40, 480)];
          return line(sx - 9, sy, sx + 9, sy, p.paper, 1.6) + line(sx, sy - 9, sx, sy + 9, p.paper, 1.6);
        }) +
        shape(`M-20 ${ground0 + 40}Q600 ${ground0 - 60} 1220 ${ground0 + 50}L1220 920L-20 920Z`, p.night) +
        rect(x - 130, ground0 - 120, 260, 150, p.pale) +
        shape(`M${x - 150} ${ground0 - 118}A150 150 0 0 1 ${x + 150} ${ground0 - 118}Z`, p.paper) +
        shape(
          `M${x - 20} ${ground0 - 266}A150 150 0 0 1 ${x + 52} ${ground0 - 259}L${x + 40} ${ground0 - 118}L${x - 14} ${ground0 - 118}Z`,
          p.night,
        ) +
        turned(-58, x + 10, ground0 - 160, rect(x + 10, ground0 - 178, 170, 34, p.accent, 'rx="6"')) +
        rect(x - 24, ground0 - 60, 48, 90, p.deep) +
        disc(x - 90, ground0 - 50, 13, p.warm)
      );
    },
  },
  rings: {
    alt: 'A drawing in the shape of an ultrasound picture: grainy arcs in a fan, and a curled form resting in the middle.',
    draw({ p, n }) {
      const arcs = times(520, () => {
        const [a, radius] = [n(-0.66, 0.66), n(150, 790)];
        const [x, y] = [600 + Math.sin(a) * radius, 40 + Math.cos(a) * radius];
        const inside = Math.hypot((x - 590) / 1.35, y - 510) < 175;
        return inside
          ? ''
          : turned(
              (-a * 180) / Math.PI,
              x,
              y,
              oval(x, y, n(8, 46), n(1.5, 5), p.pale, `opacity="${n(0.08, 0.5)}"`),
            );
      });
      return (
        rect(0, 0, WIDE, HIGH, p.night) +
        '<defs><clipPath id="fan"><path d="M512 130L64 700Q600 1000 1136 700L688 130Q600 160 512 130Z"/></clipPath></defs><g clip-path="url(#fan)">' +
        rect(0, 0, WIDE, HIGH, p.deep) +
        arcs +
        oval(590, 510, 245, 180, p.night, 'opacity=".9"') +
        disc(500, 470, 84, p.soft) +
        shape('M470 520Q520 650 660 628Q760 610 742 540Q726 492 650 512Q600 470 560 500Z', p.soft) +
        stroke('M560 560q60 40 130 14', p.deep, 5, 'opacity=".6"') +
        stroke('M470 450q20 -30 54 -22', p.paper, 4) +
        stroke('M700 600q40 10 60 -40', p.pale, 9) +
        '</g>' +
        times(9, (k) => line(1150, 160 + k * 64, k % 2 ? 1166 : 1176, 160 + k * 64, p.soft, 3))
      );
    },
  },
};
