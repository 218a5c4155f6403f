/** Pictures of animals, plants and weather. */
import {
  around,
  disc,
  ground,
  HIGH,
  line,
  oval,
  polygon,
  rect,
  shape,
  stroke,
  through,
  times,
  turned,
  wander,
  wash,
  WIDE,
  type Scene,
} from './draw.js';

export const natureScenes: Record<string, Scene> = {
  hive: {
    alt: 'A honeycomb fills the picture: most cells are capped, some hold dark honey, and four bees walk over them.',
    draw({ p, n, chance }) {
      const size = 62;
      let cells = '';
      for (let row = -1; row < 11; row += 1)
        for (let column = -1; column < 13; column += 1) {
          const x = column * size * 1.732 + (row % 2 ? size * 0.866 : 0);
          const y = row * size * 1.5;
          const far = Math.hypot(x - 640, (y - 420) * 1.3) / 640 + n(-0.2, 0.2);
          const fill = far < 0.45 ? p.warm : far < 0.75 ? p.soft : chance() < 0.5 ? p.deep : p.mid;
          cells += shape(polygon(around(6, x, y, size - 5)), fill);
          cells += shape(
            polygon(around(6, x - 4, y - 6, size - 22)),
            '#fff',
            `opacity="${far < 0.75 ? 0.16 : 0.06}"`,
          );
        }
      const bee = (x: number, y: number) =>
        turned(
          n(0, 360),
          x,
          y,
          oval(x - 8, y - 26, 34, 15, '#fff', `opacity=".65" transform="rotate(-28 ${x} ${y})"`) +
            oval(x - 8, y + 26, 34, 15, '#fff', `opacity=".65" transform="rotate(28 ${x} ${y})"`) +
            oval(x, y, 44, 20, p.night) +
            times(3, (k) => rect(x - 22 + k * 17, y - 18, 7, 36, p.warm, 'rx="3"')) +
            disc(x + 42, y, 13, p.night),
        );
      return (
        rect(0, 0, WIDE, HIGH, p.night) +
        cells +
        times(4, (k) => bee(n(180, 420) + (k % 2) * 480, n(160, 330) + (k > 1 ? 350 : 0)))
      );
    },
  },
  birds: {
    alt: 'Thin flight lines cross a night sky from lower left to upper right, each ending in a small bird.',
    draw({ p, n, i }) {
      const flight = () => {
        const [x, y] = [n(120, 1150), n(60, 640)];
        const wing = n(10, 24);
        return (
          stroke(
            `M${x - n(200, 520)} ${y + n(120, 320)} Q${x - 120} ${y + n(60, 110)} ${x} ${y}`,
            p.soft,
            n(1, 2.4),
            'opacity=".5"',
          ) +
          stroke(
            `M${x - wing} ${y - wing * 0.5} Q${x - wing * 0.4} ${y - wing * 0.7} ${x} ${y} Q${x + wing * 0.5} ${y - wing * 0.8} ${x + wing} ${y - wing * 0.3}`,
            p.paper,
            3.5,
          )
        );
      };
      return (
        wash(p.night, p.mid) +
        times(90, () => disc(n(0, WIDE), n(0, 560), n(0.6, 1.8), p.paper, 'opacity=".7"')) +
        disc(930, 190, 74, p.pale, 'opacity=".92"') +
        times(i(30, 38), flight) +
        ground(wander({ p, n, i, chance: () => 0 }, 800, 30, 20), p.night)
      );
    },
  },
  mountains: {
    alt: 'Ridge behind ridge in ever paler tones, with a low sun above the last one.',
    draw(easel) {
      const { p, n } = easel;
      const tones = [p.pale, p.soft, p.mid, p.deep, p.night];
      return (
        wash(p.paper, p.pale) +
        disc(n(250, 950), n(190, 270), n(54, 80), p.warm) +
        tones
          .map((fill, k) =>
            ground(wander(easel, 330 + k * 112, 120 - k * 8, 34), fill, `opacity="${k === 0 ? 0.8 : 0.94}"`),
          )
          .join('') +
        times(26, () => {
          const x = n(0, WIDE);
          const y = n(800, 890);
          return shape(`M${x} ${y - n(40, 84)}L${x + 15} ${y + 20}L${x - 15} ${y + 20}Z`, p.night);
        })
      );
    },
  },
  tide: {
    alt: 'Bands of water lie one over the other, drawn as long waves; the nearest crest carries foam.',
    draw(easel) {
      const { p, n } = easel;
      const tones = [p.soft, p.mid, p.soft, p.mid, p.deep, p.mid, p.deep, p.night];
      const band = (fill: string, k: number) => {
        const [base, length, high, phase] = [250 + k * 84, n(150, 260), 14 + k * 5, n(0, 6)];
        const points = Array.from({ length: 61 }, (_, at): [number, number] => [
          at * 20.7 - 20,
          base + Math.sin(phase + ((at * 20) / length) * 3) * high,
        ]);
        return (
          ground(points, fill, 'opacity=".93"') +
          stroke(through(points), p.paper, k === 5 ? 9 : 2, `opacity="${k === 5 ? 0.9 : 0.5}"`)
        );
      };
      return (
        wash(p.paper, p.pale) +
        disc(n(200, 1000), 150, n(44, 70), p.warm, 'opacity=".9"') +
        tones.map(band).join('') +
        times(40, () => disc(n(0, WIDE), n(630, 700), n(2, 7), p.paper, 'opacity=".7"'))
      );
    },
  },
  mushrooms: {
    alt: 'A cluster of pale mushrooms with broad caps, fine gills underneath and threads running into the ground.',
    draw({ p, n, i }) {
      const one = (x: number, base: number, size: number) => {
        const top = base - size * 1.5;
        return (
          shape(
            `M${x - size * 0.16} ${top}Q${x - size * 0.12} ${base} ${x - size * 0.3} ${base + 20}L${x + size * 0.3} ${base + 20}Q${x + size * 0.12} ${base} ${x + size * 0.16} ${top}Z`,
            p.paper,
          ) +
          shape(
            `M${x - size} ${top + 18}Q${x - size * 0.8} ${top - size * 0.75} ${x} ${top - size * 0.75}Q${x + size * 0.8} ${top - size * 0.75} ${x + size} ${top + 18}Q${x} ${top - size * 0.12} ${x - size} ${top + 18}Z`,
            p.pale,
          ) +
          times(19, (k) => line(x, top - 10, x - size * 0.92 + k * size * 0.102, top + 14, p.mid, 1.6)) +
          oval(x - size * 0.3, top - size * 0.45, size * 0.24, size * 0.1, '#fff', 'opacity=".55"')
        );
      };
      const threads = times(70, () => {
        const x = n(80, 1120);
        return stroke(
          `M${x} 700q${n(-90, 90)} ${n(40, 90)} ${n(-140, 140)} ${n(100, 200)}`,
          p.soft,
          n(0.8, 2.2),
          'opacity=".6"',
        );
      });
      return (
        wash(p.deep, p.night) +
        rect(0, 690, WIDE, 210, p.night) +
        threads +
        times(i(6, 8), (k) => one(170 + k * 128 + n(-30, 30), n(670, 735), n(70, 150)))
      );
    },
  },
  leaves: {
    alt: 'Pressed branches on a herbarium sheet, each leaf with its veins, and an empty paper label at the lower right.',
    draw({ p, n, i }) {
      const leaf = (x: number, y: number, angle: number, size: number, fill: string) =>
        turned(
          angle,
          x,
          y,
          shape(
            `M${x} ${y}C${x + size * 0.3} ${y - size * 0.36} ${x + size * 0.8} ${y - size * 0.26} ${x + size} ${y}C${x + size * 0.8} ${y + size * 0.26} ${x + size * 0.3} ${y + size * 0.36} ${x} ${y}Z`,
            fill,
          ) +
            line(x, y, x + size * 0.96, y, p.paper, 2, 'opacity=".6"') +
            times(
              5,
              (k) =>
                line(
                  x + size * (0.16 + k * 0.15),
                  y,
                  x + size * (0.28 + k * 0.15),
                  y - size * 0.16,
                  p.paper,
                  1.3,
                  'opacity=".5"',
                ) +
                line(
                  x + size * (0.16 + k * 0.15),
                  y,
                  x + size * (0.28 + k * 0.15),
                  y + size * 0.16,
                  p.paper,
                  1.3,
                  'opacity=".5"',
                ),
            ),
        );
      const branch = (x: number) => {
        const lean = n(-70, 70);
        const count = i(6, 8);
        return (
          stroke(`M${x} 820Q${x + lean} 480 ${x + lean * 1.6} 130`, p.deep, 7) +
          times(count, (k) => {
            const at = k / count;
            const [px, py] = [x + lean * 1.6 * at, 760 - at * 620];
            const size = n(120, 190) * (1 - at * 0.4);
            return (
              leaf(px, py, n(-50, -18), size, k % 2 ? p.mid : p.deep) +
              leaf(px, py + 20, 180 + n(18, 50), size, k % 3 ? p.mid : p.soft)
            );
          })
        );
      };
      return (
        rect(0, 0, WIDE, HIGH, p.pale) +
        rect(50, 40, 1100, 820, p.paper) +
        branch(n(290, 350)) +
        branch(n(720, 800)) +
        rect(900, 740, 200, 84, '#fff', 'opacity=".9"') +
        line(920, 772, 1070, 772, p.soft, 3) +
        line(920, 796, 1030, 796, p.soft, 3)
      );
    },
  },
  garden: {
    alt: 'A vegetable garden seen from above: four beds in a grid with rows of round leaves, and paths between them.',
    draw({ p, n, i }) {
      const plant = (x: number, y: number, size: number, fill: string) =>
        times(i(6, 9), (k) =>
          turned(k * 47, x, y, oval(x + size * 0.5, y, size * 0.55, size * 0.26, fill, 'opacity=".9"')),
        ) + disc(x, y, size * 0.2, p.warm);
      const bed = (bx: number, by: number, kind: number) =>
        rect(bx, by, 520, 370, p.night, 'rx="14"') +
        rect(bx + 12, by + 12, 496, 346, p.deep, 'rx="8"') +
        times(kind === 1 ? 5 : 4, (row) =>
          times(kind === 2 ? 9 : 7, (k) =>
            plant(
              bx + 50 + k * (kind === 2 ? 53 : 70) + n(-6, 6),
              by + 55 + row * (kind === 1 ? 66 : 86) + n(-6, 6),
              kind === 2 ? n(18, 27) : n(26, 40),
              kind === 0 ? p.soft : kind === 1 ? p.mid : kind === 2 ? p.accent : p.pale,
            ),
          ),
        );
      return (
        rect(0, 0, WIDE, HIGH, p.pale) +
        times(260, () => disc(n(0, WIDE), n(0, HIGH), n(1, 5), p.soft, 'opacity=".6"')) +
        bed(55, 55, i(0, 3)) +
        bed(625, 55, i(0, 3)) +
        bed(55, 475, i(0, 3)) +
        bed(625, 475, i(0, 3))
      );
    },
  },
};
