/** Pictures of wood, wheels, dough and thread. */
import {
  around,
  disc,
  HIGH,
  line,
  oval,
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

export const craftScenes: Record<string, Scene> = {
  bread: {
    alt: 'Round and long loaves with scored, floured crusts cool on a wooden board.',
    draw({ p, n, chance }) {
      const loaf = (x: number, y: number, w: number, h: number) =>
        oval(x + 12, y + 24, w, h, p.night, 'opacity=".35"') +
        oval(x, y, w, h, '#7a4a20') +
        oval(x, y - h * 0.08, w * 0.95, h * 0.88, '#a8692f') +
        oval(x - w * 0.1, y - h * 0.2, w * 0.72, h * 0.58, '#c98a45') +
        times(w > 260 ? 5 : 4, (k) => {
          const sx = x - w * 0.56 + (k * w * 1.12) / 4;
          return (
            stroke(`M${sx - 20} ${y + h * 0.4}Q${sx + 8} ${y} ${sx + 46} ${y - h * 0.5}`, '#f3dcb4', 15) +
            stroke(`M${sx - 14} ${y + h * 0.38}Q${sx + 14} ${y} ${sx + 50} ${y - h * 0.46}`, '#8a5526', 3)
          );
        }) +
        times(120, () => {
          const [angle, radius] = [n(0, 6.28), Math.sqrt(chance())];
          return disc(
            x + Math.cos(angle) * radius * w * 0.9,
            y + Math.sin(angle) * radius * h * 0.84,
            n(1, 3.2),
            '#fff6e4',
            `opacity="${n(0.3, 0.9)}"`,
          );
        });
      return (
        wash(p.deep, p.night) +
        times(
          6,
          (k) =>
            rect(0, 70 + k * 140, WIDE, 134, k % 2 ? '#6d4c33' : '#785439') +
            times(5, () =>
              stroke(
                `M${n(-50, 300)} ${80 + k * 140 + n(0, 110)}q400 ${n(-22, 22)} ${n(600, 900)} 0`,
                '#5a3d28',
                2,
                'opacity=".6"',
              ),
            ),
        ) +
        loaf(n(300, 350), n(270, 300), 215, 175) +
        loaf(n(820, 870), n(290, 330), 285, 140) +
        loaf(n(500, 620), n(640, 680), 330, 150) +
        times(80, () => disc(n(0, WIDE), n(0, HIGH), n(1, 4), '#fff6e4', 'opacity=".5"'))
      );
    },
  },
  timber: {
    alt: 'Planed boards with clear grain and knots, one of them cut to a slanted joint, a pencil line beside it.',
    draw({ p, n, i }) {
      const board = (k: number) => {
        const y = k * 182 - 6;
        const wood = ['#c79a63', '#b98650', '#d6ad77', '#a97642', '#cfa46c'][k % 5]!;
        const [kx, ky] = [n(150, 1050), y + n(60, 120)];
        return (
          rect(0, y, WIDE, 176, wood) +
          times(13, (m) => {
            const base = y + 8 + m * 13;
            const bend =
              Math.abs(base - ky) < 50 ? (base < ky ? -1 : 1) * (50 - Math.abs(base - ky)) * 0.7 : 0;
            return stroke(
              `M-10 ${base}C${kx - 260} ${base + n(-4, 4)} ${kx - 90} ${base + bend} ${kx} ${base + bend}S${kx + 260} ${base + n(-4, 4)} 1210 ${base}`,
              '#6b4423',
              n(1, 2.6),
              'opacity=".45"',
            );
          }) +
          oval(kx, ky, 26, 17, '#5a3519') +
          oval(kx, ky, 15, 9, '#3f2410')
        );
      };
      const x = i(520, 700);
      return (
        times(5, board) +
        shape(`M${x} 360L${x + 240} 540L1210 540L1210 360Z`, p.soft, 'opacity=".92"') +
        times(8, (k) =>
          stroke(`M${x + 40 + k * 20} ${380 + k * 18}L1210 ${384 + k * 18}`, p.deep, 1.6, 'opacity=".35"'),
        ) +
        line(x - 14, 352, x + 246, 548, p.night, 4) +
        line(x - 120, 352, x + 140, 548, p.accent, 3, 'stroke-dasharray="14 8"') +
        turned(
          n(-28, -18),
          260,
          700,
          rect(130, 690, 300, 24, p.accent) +
            shape('M430 690L478 702L430 714Z', '#f3dcb4') +
            shape('M462 698L478 702L462 706Z', p.night) +
            rect(110, 690, 26, 24, p.pale),
        )
      );
    },
  },
  wheel: {
    alt: 'A wheel seen straight from the side: rim, crossing spokes and hub, with light behind it.',
    draw({ p, n, i }) {
      const [x, y, size, count] = [n(540, 660), 450, 380, i(14, 18) * 2];
      const hub = around(count, x, y, 52, 0);
      return (
        wash(p.paper, p.soft) +
        disc(x, y, 430, p.warm, 'opacity=".35"') +
        ring(x, y, size, p.night, 30) +
        ring(x, y, size - 24, p.mid, 12) +
        ring(x, y, size + 18, p.deep, 5) +
        around(count, x, y, size - 28, 0)
          .map(([ox, oy], k) => {
            const [hx, hy] = hub[(k + (k % 2 ? 5 : count - 5)) % count]!;
            return line(hx, hy, ox, oy, p.deep, 3) + disc(ox, oy, 6, p.accent);
          })
          .join('') +
        disc(x, y, 66, p.night) +
        disc(x, y, 46, p.soft) +
        disc(x, y, 17, p.night) +
        rect(x - 8, y - size - 6, 16, 34, p.accent, 'rx="6"') +
        rect(0, 858, WIDE, 42, p.deep)
      );
    },
  },
  loom: {
    alt: 'A warp of coloured threads runs down the picture; in the lower half a woven band with stepped figures has begun.',
    draw({ p, n, i }) {
      const colours = [p.accent, p.warm, p.paper, p.soft, p.mid];
      const stripes = Array.from(
        { length: 75 },
        (_, k) => colours[Math.floor(k / 5 + (k % 7 === 0 ? 2 : 0)) % 5]!,
      );
      const figure = (row: number, column: number) => {
        const [a, b] = [row % 18, Math.abs((column % 24) - 12)];
        return Math.abs(a - 9) + b < 10 ? (Math.abs(a - 9) + b) % 4 < 2 : false;
      };
      const shift = i(0, 12);
      return (
        rect(0, 0, WIDE, HIGH, p.night) +
        stripes.map((fill, k) => line(24 + k * 15.5, 0, 24 + k * 15.5 + n(-2, 2), 900, fill, 6)).join('') +
        rect(0, 380, WIDE, 26, '#8a5f35') +
        rect(0, 120, WIDE, 20, '#8a5f35') +
        times(34, (row) =>
          times(
            75,
            (k) =>
              rect(
                17 + k * 15.5,
                410 + row * 14.4,
                14.4,
                13,
                figure(row, k + shift) ? p.accent : (row + k) % 2 ? p.deep : p.mid,
              ) + rect(17 + k * 15.5, 410 + row * 14.4, 14.4, 4, '#fff', 'opacity=".09"'),
          ),
        ) +
        turned(-3, 600, 330, oval(600, 330, 190, 24, '#b98650') + oval(600, 330, 100, 11, p.accent))
      );
    },
  },
  braid: {
    alt: 'Six long braids hang side by side, each strand crossing over and under, parted by straight lines at the top.',
    draw({ p, n }) {
      const braid = (k: number) => {
        const x = 130 + k * 188;
        const lean = n(-22, 22);
        return (
          times(23, (m) => {
            const y = 150 + m * 33;
            const side = m % 2 ? 1 : -1;
            const sway = Math.sin(m / 7 + k) * 14 + (lean * m) / 23;
            const fill = [p.deep, p.mid, p.night][m % 3]!;
            return turned(
              side * 34,
              x + sway,
              y,
              oval(x + sway + side * 17, y, 46, 25, fill) +
                stroke(`M${x + sway + side * 17 - 34} ${y}q34 -14 68 0`, p.soft, 2, 'opacity=".5"') +
                stroke(`M${x + sway + side * 17 - 30} ${y + 8}q30 -10 60 0`, p.soft, 1.4, 'opacity=".4"'),
            );
          }) + rect(x - 20 + Math.sin(23 / 7 + k) * 14 + lean, 880, 40, 22, p.accent, 'rx="8"')
        );
      };
      return (
        wash(p.warm, p.pale) +
        shape('M0 0H1200V150Q600 240 0 150Z', p.night) +
        times(5, (k) => line(225 + k * 188, 0, 225 + k * 188 + n(-10, 10), 180, p.warm, 8)) +
        times(90, () => {
          const x = n(0, 1200);
          return stroke(`M${x} ${n(0, 40)}q${n(-20, 20)} 60 ${n(-14, 14)} 120`, p.mid, 2, 'opacity=".6"');
        }) +
        times(6, braid)
      );
    },
  },
};
