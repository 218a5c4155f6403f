/** Pictures of skins, glazes, cloth and tiles. */
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

export const fabricScenes: Record<string, Scene> = {
  drum: {
    alt: 'A goblet-shaped drum of wooden staves stands upright, its skin laced with cord to a ring of pegs.',
    draw({ p, n, i }) {
      const x = n(560, 640);
      const pegs = i(6, 8);
      return (
        wash(p.pale, p.soft) +
        oval(x, 842, 330, 40, p.night, 'opacity=".4"') +
        shape(
          `M${x - 270} 210L${x - 120} 600L${x - 170} 840L${x + 170} 840L${x + 120} 600L${x + 270} 210Z`,
          '#8a5526',
        ) +
        times(9, (k) => {
          const at = (k - 4) / 4;
          return stroke(`M${x + at * 262} 220L${x + at * 116} 600L${x + at * 164} 838`, '#5f3817', 4);
        }) +
        shape(
          `M${x - 270} 210L${x - 120} 600L${x - 170} 840L${x - 100} 840L${x - 60} 600L${x - 140} 210Z`,
          '#fff',
          'opacity=".12"',
        ) +
        oval(x, 210, 275, 82, '#f0e2c8') +
        oval(x, 206, 232, 62, '#f8efdd') +
        ring(x, 208, 60, '#e1cba3', 0) +
        oval(x + 40, 214, 90, 26, '#e6d3ae', 'opacity=".7"') +
        stroke(`M${x - 274} 214Q${x} 370 ${x + 274} 214`, p.accent, 16) +
        times(pegs * 2, (k) => {
          const at = (k + 0.5) / (pegs * 2);
          const lx = x - 262 + at * 524;
          const ly = 240 + Math.sin(at * Math.PI) * 56;
          return line(lx, ly, x + (lx - x) * 0.66 + (k % 2 ? 14 : -14), ly + 150, p.paper, 5);
        }) +
        times(pegs, (k) => {
          const at = (k + 0.5) / pegs;
          const px = x - 175 + at * 350;
          return turned(
            (at - 0.5) * -40,
            px,
            430,
            rect(px - 12, 360 + Math.sin(at * Math.PI) * 40, 24, 96, p.night, 'rx="9"'),
          );
        }) +
        rect(x - 126, 590, 252, 24, p.accent)
      );
    },
  },
  pots: {
    alt: 'Glazed pots and bowls of different shapes stand on two shelves, the glaze running down their sides.',
    draw({ p, n, chance }) {
      const glazes = [p.mid, p.soft, p.accent, p.warm, p.deep];
      const pot = (x: number, base: number, k: number) => {
        const [w, h] = [n(60, 96), n(110, 260)];
        const glaze = glazes[k % 5]!;
        const neck = w * n(0.4, 0.9);
        const body = `M${x - neck} ${base - h}C${x - w * 1.3} ${base - h * 0.6} ${x - w * 1.1} ${base - h * 0.2} ${x - w * 0.6} ${base}L${x + w * 0.6} ${base}C${x + w * 1.1} ${base - h * 0.2} ${x + w * 1.3} ${base - h * 0.6} ${x + neck} ${base - h}Z`;
        const id = `pot${Math.round(x)}-${Math.round(base)}`;
        return (
          `<defs><clipPath id="${id}"><path d="${body}"/></clipPath></defs>` +
          shape(body, '#c9a27c') +
          `<g clip-path="url(#${id})">` +
          rect(x - 200, base - h - 10, 400, h * n(0.45, 0.7), glaze) +
          times(9, (m) =>
            rect(x - 130 + m * 30, base - h * 0.6, n(10, 24), h * n(0.05, 0.42), glaze, 'rx="10"'),
          ) +
          rect(x - w * 0.75, base - h, w * 0.22, h, '#fff', 'opacity=".28"') +
          rect(x + w * 0.5, base - h, w, h, p.night, 'opacity=".18"') +
          times(20, () =>
            disc(x + n(-w, w), base - n(0, h), n(1, 2.6), p.night, `opacity="${chance() * 0.5}"`),
          ) +
          '</g>' +
          oval(x, base - h, neck, neck * 0.16, p.night)
        );
      };
      const shelf = (y: number) =>
        rect(0, y, WIDE, 34, '#7a5636') + rect(0, y + 34, WIDE, 16, p.night, 'opacity=".3"');
      return (
        wash(p.paper, p.pale) +
        shelf(420) +
        shelf(830) +
        times(6, (k) => pot(115 + k * 194, 420, k + 1)) +
        times(6, (k) => pot(115 + k * 194, 830, k + 3))
      );
    },
  },
  quilt: {
    alt: 'A quilt of square blocks, each pieced from triangles in a different turn, with a dark border and visible stitches.',
    draw({ p, chance, n }) {
      const colours = [p.accent, p.warm, p.mid, p.soft, p.deep, p.pale];
      const block = (x: number, y: number, s: number) => {
        const [a, b, c] = [0, 0, 0].map(() => colours[Math.floor(chance() * 6)]!);
        const half = s / 2;
        return (
          rect(x, y, s, s, a!) +
          turned(
            Math.floor(n(0, 4)) * 90,
            x + half,
            y + half,
            shape(`M${x} ${y}L${x + s} ${y}L${x} ${y + s}Z`, b!) +
              shape(`M${x} ${y}L${x + half} ${y}L${x} ${y + half}Z`, c!) +
              shape(`M${x + s} ${y + s}L${x + half} ${y + s}L${x + s} ${y + half}Z`, c!),
          ) +
          rect(
            x + 8,
            y + 8,
            s - 16,
            s - 16,
            'none',
            'stroke="#fff" stroke-width="1.6" stroke-dasharray="7 6" opacity=".7"',
          )
        );
      };
      return (
        rect(0, 0, WIDE, HIGH, p.night) +
        times(8, (k) => times(6, (m) => block(60 + k * 135, 45 + m * 135, 133))) +
        rect(30, 20, 1140, 860, 'none', `stroke="${p.soft}" stroke-width="3" stroke-dasharray="12 9"`)
      );
    },
  },
  mosaic: {
    alt: 'A tile pattern of ten-pointed stars and the polygons between them; part of the wall is pale as if the tiles were missing.',
    draw({ p, n }) {
      const gone: [number, number] = [n(200, 1000), n(150, 750)];
      const star = (x: number, y: number) => {
        const lost = Math.hypot(x - gone[0], y - gone[1]) < 250;
        const points = around(20, x, y, 1).map(([px, py], k): [number, number] => {
          const f = k % 2 ? 62 : 118;
          return [x + (px - x) * f, y + (py - y) * f];
        });
        return (
          shape(polygon(points), lost ? p.pale : p.mid, `stroke="${p.paper}" stroke-width="6"`) +
          shape(
            polygon(around(10, x, y, 48)),
            lost ? p.paper : p.warm,
            `stroke="${p.paper}" stroke-width="5"`,
          ) +
          around(10, x, y, 92, -72)
            .map(([dx, dy]) => shape(polygon(around(4, dx, dy, 17)), lost ? p.paper : p.accent))
            .join('') +
          disc(x, y, 16, lost ? p.pale : p.deep)
        );
      };
      return (
        rect(0, 0, WIDE, HIGH, p.deep) +
        times(6, (k) =>
          times(
            5,
            (m) =>
              ring(k * 236 + (m % 2) * 118, m * 206 + 30, 132, p.soft, 9, 'opacity=".55"') +
              star(k * 236 + (m % 2) * 118, m * 206 + 30),
          ),
        )
      );
    },
  },
  pattern: {
    alt: 'Paper templates lie on a cutting mat with a fine grid: curved pieces with notches, dashed seam lines and arrows.',
    draw({ p, n }) {
      const piece = (x: number, y: number, fill: string) => {
        const [a, b, c] = [n(150, 230), n(150, 220), n(-60, 60)];
        const d = `M${x - a} ${y - b}C${x - a * 0.3} ${y - b - 60} ${x + a * 0.5} ${y - b + c} ${x + a} ${y - b * 0.7}C${x + a * 0.7} ${y} ${x + a * 1.1} ${y + b * 0.5} ${x + a * 0.8} ${y + b}C${x} ${y + b * 0.8} ${x - a * 0.5} ${y + b * 1.1} ${x - a} ${y + b * 0.8}C${x - a * 0.8} ${y} ${x - a * 1.1} ${y - b * 0.4} ${x - a} ${y - b}Z`;
        return turned(
          n(-16, 16),
          x,
          y,
          shape(d, fill, `stroke="${p.deep}" stroke-width="3"`) +
            `<path d="${d}" fill="none" stroke="${p.accent}" stroke-width="3" stroke-dasharray="13 9" transform="translate(${x * 0.09} ${y * 0.09}) scale(.91)"/>` +
            line(x, y - 90, x, y + 90, p.deep, 3) +
            shape(`M${x} ${y - 108}l12 24h-24z`, p.deep) +
            shape(`M${x} ${y + 108}l12 -24h-24z`, p.deep),
        );
      };
      return (
        rect(0, 0, WIDE, HIGH, p.deep) +
        times(
          31,
          (k) =>
            line(k * 40, 0, k * 40, HIGH, p.mid, k % 5 ? 1 : 2.5, 'opacity=".6"') +
            line(0, k * 40, WIDE, k * 40, p.mid, k % 5 ? 1 : 2.5, 'opacity=".6"'),
        ) +
        piece(310, 290, p.paper) +
        piece(860, 330, p.pale) +
        piece(520, 690, p.warm) +
        piece(1000, 740, p.paper) +
        turned(
          n(-60, -40),
          180,
          720,
          ring(130, 800, 34, p.accent, 13) +
            ring(215, 800, 34, p.accent, 13) +
            shape('M150 770L178 560L190 780Z', p.pale) +
            shape('M195 770L172 560L160 780Z', p.soft),
        )
      );
    },
  },
};
