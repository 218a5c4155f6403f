/** Pictures of streets, measurements and grounds. */
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
  through,
  times,
  turned,
  wander,
  wash,
  WIDE,
  type Scene,
} from './draw.js';

export const streetScenes: Record<string, Scene> = {
  map: {
    alt: 'A drawn map with contour lines, a river, streets in a grid and circles of different sizes.',
    draw(easel) {
      const { p, n, i } = easel;
      const [cx, cy] = [n(300, 900), n(250, 650)];
      const contours = times(15, (k) => {
        const size = 60 + k * 52;
        const points = Array.from({ length: 72 }, (_, m): [number, number] => {
          const a = (m / 72) * 6.283;
          const f = size * (1 + 0.16 * Math.sin(a * 3 + cx) + 0.09 * Math.sin(a * 5 + k * 0.3));
          return [cx + Math.cos(a) * f * 1.25, cy + Math.sin(a) * f * 0.86];
        });
        return shape(
          polygon(points),
          'none',
          `stroke="${p.mid}" stroke-width="${k % 5 === 0 ? 3.4 : 1.5}" opacity=".55"`,
        );
      });
      const river = wander(easel, 540, 170, 30);
      return (
        rect(0, 0, WIDE, HIGH, p.paper) +
        contours +
        turned(
          n(-14, 14),
          600,
          450,
          times(
            i(7, 9),
            (k) =>
              line(-100, 60 + k * 108, 1300, 60 + k * 108, '#fff', 10) +
              line(-100, 60 + k * 108, 1300, 60 + k * 108, p.soft, 1.5),
          ) + times(i(9, 11), (k) => line(80 + k * 112, -200, 80 + k * 112, 1100, '#fff', k % 4 ? 8 : 17)),
        ) +
        stroke(through(river), p.soft, 66, 'opacity=".95"') +
        stroke(through(river), p.pale, 44) +
        times(i(19, 34), () => {
          const size = n(7, 34);
          const [x, y] = [n(60, 1140), n(60, 840)];
          return disc(x, y, size, p.accent, 'opacity=".72"') + ring(x, y, size, p.deep, 2);
        }) +
        rect(40, 800, 210, 12, p.night) +
        rect(92, 800, 52, 12, p.paper) +
        rect(196, 800, 52, 12, p.paper) +
        shape('M1120 60L1144 140L1120 120L1096 140Z', p.night)
      );
    },
  },
  city: {
    alt: 'Apartment blocks at dusk, some windows lit, water tanks and low walls on the roofs.',
    draw({ p, n, chance }) {
      const row = (y0: number, fill: string, lit: number) => {
        let x = -30;
        let out = '';
        while (x < WIDE) {
          const [w, h] = [n(110, 210), n(180, 430)];
          const y = y0 - h;
          out += rect(x, y, w, h + 500, fill);
          if (chance() < 0.5)
            out +=
              rect(x + w * 0.3, y - 46, 44, 30, fill) +
              line(x + w * 0.3 + 6, y - 16, x + w * 0.3 + 6, y, fill, 4) +
              line(x + w * 0.3 + 38, y - 16, x + w * 0.3 + 38, y, fill, 4);
          const [columns, rows] = [Math.floor(w / 36), Math.floor(h / 46) + 3];
          for (let c = 0; c < columns; c += 1)
            for (let m = 0; m < rows; m += 1)
              out += rect(
                x + 12 + c * 36,
                y + 18 + m * 46,
                20,
                28,
                chance() < lit ? p.warm : p.night,
                `opacity="${chance() < 0.8 ? 0.9 : 0.5}"`,
              );
          x += w + 4;
        }
        return out;
      };
      return (
        wash(p.deep, p.warm) +
        disc(n(150, 1050), n(360, 480), n(60, 100), p.paper, 'opacity=".6"') +
        '<g opacity=".55">' +
        row(640, p.mid, 0.2) +
        '</g>' +
        row(800, p.deep, 0.36) +
        rect(0, 790, WIDE, 110, p.night) +
        times(
          8,
          (k) =>
            rect(40 + k * 150, 745, 90, 60, p.night) + rect(48 + k * 150, 752, 74, 6, p.soft, 'opacity=".4"'),
        )
      );
    },
  },
  chart: {
    alt: 'A drawn chart on squared paper: bars in two tones with one in a strong colour, and a line that crosses them.',
    draw({ p, n, i, chance }) {
      const count = i(8, 14);
      const step = 980 / count;
      const peak = i(2, count - 2);
      const heights = Array.from(
        { length: count },
        (_, k) => 110 + 470 * Math.exp(-(((k - peak) / (count * 0.32)) ** 2)) * n(0.65, 1) + n(0, 60),
      );
      const points = heights.map((_, k): [number, number] => [
        140 + (k + 0.5) * step,
        770 - (140 + (440 * k) / count) * n(0.75, 1.1),
      ]);
      return (
        rect(0, 0, WIDE, HIGH, p.paper) +
        times(31, (k) => line(k * 40, 0, k * 40, HIGH, p.pale, 1.4)) +
        times(23, (k) => line(0, k * 40 + 10, WIDE, k * 40 + 10, p.pale, 1.4)) +
        heights
          .map(
            (h, k) =>
              rect(140 + k * step + step * 0.12, 770 - h, step * 0.42, h, k === peak ? p.accent : p.mid) +
              rect(
                140 + k * step + step * 0.54,
                770 - h * 0.6,
                step * 0.28,
                h * (chance() < 0.12 ? 0.05 : 0.6),
                p.soft,
              ) +
              line(
                140 + k * step + step * 0.33,
                770 - h - 26,
                140 + k * step + step * 0.33,
                770 - h + 20,
                p.night,
                3,
              ),
          )
          .join('') +
        stroke(through(points), p.night, 5) +
        points.map(([x, y]) => disc(x, y, 11, p.paper, `stroke="${p.night}" stroke-width="5"`)).join('') +
        line(120, 770, 1140, 770, p.night, 6) +
        line(122, 90, 122, 772, p.night, 6) +
        times(
          6,
          (k) =>
            line(104, 770 - k * 126, 122, 770 - k * 126, p.night, 4) +
            rect(58, 764 - k * 126, 34, 10, p.soft),
        ) +
        times(count, (k) => rect(140 + k * step + step * 0.2, 796, step * 0.5, 10, p.soft))
      );
    },
  },
  track: {
    alt: 'The bend of a running track from above, lanes in pale lines, with footprints in the fourth lane.',
    draw({ p, n }) {
      return (
        rect(0, 0, WIDE, HIGH, p.mid) +
        times(700, () => disc(n(0, WIDE), n(0, HIGH), n(0.8, 2.4), p.deep, 'opacity=".5"')) +
        disc(120, 960, 300, p.soft) +
        times(9, (k) => ring(120, 960, 310 + k * 108, p.paper, 7)) +
        times(11, (k) => {
          const a = -1.5 + k * 0.13;
          const radius = 690 + (k % 2 ? 26 : -26);
          const [x, y] = [120 + Math.cos(a) * radius, 960 + Math.sin(a) * radius];
          return turned(
            (a * 180) / Math.PI + 8,
            x,
            y,
            oval(x, y - 14, 19, 34, p.night, 'opacity=".8"') +
              oval(x, y + 34, 14, 18, p.night, 'opacity=".8"') +
              times(4, (m) => line(x - 14, y - 34 + m * 13, x + 14, y - 34 + m * 13, p.mid, 4)),
          );
        }) +
        turned(-26, 900, 200, line(700, 300, 1300, 300, p.paper, 12)) +
        shape('M1010 60h110v150h-110z', p.accent) +
        rect(1036, 96, 58, 12, p.paper) +
        rect(1036, 122, 58, 70, p.paper, 'opacity=".25"')
      );
    },
  },
  ramp: {
    alt: 'A curved skate ramp from the side with its supporting ribs; the arc and its radius are drawn in chalk.',
    draw({ p, n }) {
      const radius = n(470, 520);
      return (
        wash(p.paper, p.pale) +
        times(5, (k) => rect(60 + k * 240, n(220, 330), 190, 420, p.soft, 'opacity=".5"')) +
        rect(0, 720, WIDE, 180, p.mid) +
        times(300, () => disc(n(0, WIDE), n(725, 895), n(1, 3.4), p.deep, 'opacity=".5"')) +
        shape(
          `M1090 720V${720 - radius * 0.82}H950A${radius} ${radius} 0 0 1 ${950 - radius * 0.98} 720Z`,
          p.deep,
        ) +
        times(7, (k) =>
          line(580 + k * 78, 720 - Math.max(0, k - 0.4) ** 1.7 * 17, 580 + k * 78, 720, p.soft, 10),
        ) +
        stroke(
          `M950 ${720 - radius * 0.82}A${radius} ${radius} 0 0 1 ${950 - radius * 0.98} 720`,
          p.paper,
          15,
        ) +
        disc(950, 720 - radius * 0.82, 15, p.accent) +
        line(465, 716, 520, 300, p.accent, 4, 'stroke-dasharray="14 10"') +
        ring(520, 292, 14, p.accent, 5) +
        stroke('M430 330A400 400 0 0 1 640 150', p.accent, 4, 'stroke-dasharray="6 12"') +
        rect(180, 668, 190, 18, p.night, 'rx="9"') +
        disc(214, 700, 17, p.warm) +
        disc(336, 700, 17, p.warm)
      );
    },
  },
  circuit: {
    alt: 'A circuit board with traces in right angles, solder points, chips and one joint marked by a circle.',
    draw({ p, n, i, chance }) {
      const trace = () => {
        let [x, y] = [i(1, 29) * 40, i(1, 21) * 40];
        let d = `M${x} ${y}`;
        const begin: [number, number] = [x, y];
        times(i(2, 5), () => {
          if (chance() < 0.5) x += i(-6, 6) * 40;
          else y += i(-5, 5) * 40;
          x = Math.max(40, Math.min(1160, x));
          y = Math.max(40, Math.min(860, y));
          d += `L${x} ${y}`;
          return '';
        });
        return (
          stroke(d, p.soft, i(0, 1) ? 6 : 11) +
          disc(...begin, 13, p.warm) +
          disc(x, y, 13, p.warm) +
          disc(...begin, 5, p.night) +
          disc(x, y, 5, p.night)
        );
      };
      const chip = (x: number, y: number, w: number) =>
        times(Math.floor(w / 26), (k) => rect(x + 10 + k * 26, y - 18, 10, 156, p.pale)) +
        rect(x, y, w, 120, p.night, 'rx="6"') +
        disc(x + 20, y + 98, 7, p.mid) +
        line(x + 40, y + 50, x + w - 40, y + 50, p.mid, 4) +
        line(x + 40, y + 70, x + w * 0.6, y + 70, p.mid, 4);
      const [x, y] = [n(300, 900), n(250, 650)];
      return (
        rect(0, 0, WIDE, HIGH, p.deep) +
        times(i(34, 44), trace) +
        chip(140, 180, 260) +
        chip(700, 520, 340) +
        times(6, (k) => {
          const [cx, cy] = [700 + k * 72, 180 + (k % 2) * 30];
          return (
            rect(cx, cy, 44, 86, k % 2 ? p.accent : p.warm, 'rx="20"') +
            rect(cx, cy + 26, 44, 9, p.night) +
            rect(cx, cy + 46, 44, 9, p.paper)
          );
        }) +
        disc(x, y, 15, p.paper) +
        ring(x, y, 62, p.paper, 9) +
        stroke(`M${x + 44} ${y - 44}l120 -120`, p.paper, 9)
      );
    },
  },
};
