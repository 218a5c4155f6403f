/** Pictures of rooms: stages, studios, shelves, books. */
import {
  disc,
  HIGH,
  line,
  oval,
  rect,
  shape,
  stroke,
  times,
  turned,
  wash,
  WIDE,
  type Scene,
} from './draw.js';

export const roomScenes: Record<string, Scene> = {
  book: {
    alt: 'An open book with thick pages lies on a table; lines of writing, a small drawing in the margin and a ribbon.',
    draw({ p, n, i }) {
      const page = (x: number, side: number) =>
        shape(
          `M600 190Q${600 + side * 220} 120 ${x} 190L${x} 730Q${600 + side * 220} 660 600 740Z`,
          p.paper,
        ) +
        times(i(15, 18), (k) => {
          const y = 236 + k * 26;
          const [from, to] = [600 + side * 70, 600 + side * n(270, 420)];
          return stroke(
            `M${from} ${y - 12}Q${600 + side * 220} ${y - 46} ${to} ${y - 18}`,
            p.deep,
            3.4,
            `opacity="${n(0.45, 0.8)}"`,
          );
        });
      return (
        wash('#8a6544', '#5f4229') +
        times(18, (k) => stroke(`M0 ${k * 52}q600 ${n(-16, 16)} 1200 0`, '#4a331f', 2, 'opacity=".5"')) +
        shape('M110 240L600 800L1090 240L1090 800L110 800Z', p.night, 'opacity=".35"') +
        rect(112, 182, 976, 600, p.accent, 'rx="10"') +
        times(7, (k) =>
          shape(
            `M600 ${200 + k * 5}Q380 ${128 + k * 6} ${146 - k * 4} ${196 + k * 5}L${146 - k * 4} ${736 + k * 4}Q380 ${666 + k * 5} 600 ${742 + k * 4}Q820 ${666 + k * 5} ${1054 + k * 4} ${736 + k * 4}L${1054 + k * 4} ${196 + k * 5}Q820 ${128 + k * 6} 600 ${200 + k * 5}Z`,
            k % 2 ? p.pale : '#fff',
          ),
        ) +
        page(150, -1) +
        page(1050, 1) +
        line(600, 190, 600, 742, p.soft, 5) +
        stroke('M1000 560q-40 40 -80 0l-14 -30h108zM960 530v-70l34 60', p.mid, 5) +
        shape('M560 200L590 200L584 850L570 826L552 846Z', p.accent) +
        times(20, () => oval(n(180, 1020), n(230, 700), n(6, 40), n(4, 20), p.warm, 'opacity=".08"'))
      );
    },
  },
  stage: {
    alt: 'A stage in the dark: coloured beams of light cross above a single dancer, rows of empty seats in front.',
    draw({ p, n }) {
      const beam = (x: number, to: number, fill: string) =>
        shape(`M${x - 14} 40L${x + 14} 40L${to + 150} 640L${to - 150} 640Z`, fill, 'opacity=".26"');
      const x = n(470, 730);
      return (
        wash(p.night, p.deep) +
        shape('M0 0H120Q70 400 130 690H0ZM1200 0H1080Q1130 400 1070 690H1200Z', p.accent, 'opacity=".8"') +
        times(5, (k) =>
          stroke(
            `M${20 + k * 24} 0Q${10 + k * 22} 400 ${24 + k * 24} 690M${1180 - k * 24} 0Q${1190 - k * 22} 400 ${1176 - k * 24} 690`,
            p.night,
            5,
            'opacity=".4"',
          ),
        ) +
        rect(0, 640, WIDE, 60, p.mid) +
        oval(x, 648, 230, 26, p.pale, 'opacity=".8"') +
        beam(n(180, 300), x - 40, p.warm) +
        beam(n(500, 700), x, p.paper) +
        beam(n(900, 1020), x + 60, p.soft) +
        times(
          6,
          (k) => rect(170 + k * 165, 14, 56, 40, p.night, 'rx="8"') + disc(198 + k * 165, 56, 18, p.warm),
        ) +
        disc(x, 372, 30, p.night) +
        shape(
          `M${x - 24} 404Q${x} 394 ${x + 24} 404L${x + 34} 500Q${x + 84} 580 ${x + 100} 642L${x - 92} 642Q${x - 70} 580 ${x - 32} 500Z`,
          p.night,
        ) +
        stroke(
          `M${x - 20} 412Q${x - 100} 420 ${x - 128} ${n(300, 340)}M${x + 20} 412Q${x + 90} 440 ${x + 150} ${n(380, 440)}`,
          p.night,
          18,
        ) +
        times(3, (row) =>
          times(15, (k) =>
            rect(
              -20 + k * 84 + (row % 2) * 40,
              726 + row * 62,
              70,
              90,
              row % 2 ? p.night : '#000',
              'rx="24" opacity=".82"',
            ),
          ),
        )
      );
    },
  },
  radio: {
    alt: 'A small studio: a microphone on its arm, a mixing desk with faders, a red lamp and a quilt on the wall.',
    draw({ p, n, chance }) {
      return (
        wash(p.deep, p.night) +
        times(9, (k) =>
          times(5, (m) =>
            rect(
              k * 134 - 4,
              m * 100 - 4,
              128,
              96,
              [p.mid, p.deep, p.soft][Math.floor(chance() * 3)]!,
              'rx="10" opacity=".38"',
            ),
          ),
        ) +
        rect(930, 60, 200, 74, p.night, 'rx="10"') +
        rect(944, 74, 172, 46, '#d84a3a', 'rx="6"') +
        disc(1030, 97, 150, '#d84a3a', 'opacity=".13"') +
        stroke(`M60 560L330 300L${n(520, 580)} 380`, p.soft, 16) +
        disc(330, 300, 20, p.paper) +
        turned(
          24,
          600,
          430,
          rect(540, 330, 120, 220, p.night, 'rx="58"') +
            rect(548, 338, 104, 140, p.soft, 'rx="50"') +
            times(8, (k) => line(552, 350 + k * 16, 648, 350 + k * 16, p.deep, 3)) +
            rect(530, 470, 140, 20, p.accent),
        ) +
        shape('M120 640H1080L1180 900H20Z', p.night) +
        shape('M140 652H1060L1150 890H52Z', p.mid) +
        times(11, (k) => {
          const x = 180 + k * 80;
          return (
            line(x, 676, x + (k - 5) * 8, 840, p.night, 9) +
            rect(x - 18 + (k - 5) * 4, n(690, 810), 36, 22, k === 4 ? p.accent : p.paper, 'rx="4"') +
            disc(x - 2, 664, 9, chance() < 0.4 ? p.warm : p.deep)
          );
        })
      );
    },
  },
  shelf: {
    alt: 'Shelves with boxes, folders and bundles of different sizes, all of them closed, one label blank beneath each.',
    draw({ p, n, chance }) {
      const colours = [p.mid, p.soft, p.warm, p.accent, p.deep, p.pale];
      const row = (y: number) => {
        let x = 60;
        let out = '';
        while (x < 1090) {
          const [w, h] = [n(44, 150), n(120, 215)];
          if (x + w > 1145) break;
          const fill = colours[Math.floor(chance() * 6)]!;
          out +=
            rect(x, y - h, w, h, fill, 'rx="4"') +
            rect(x, y - h, w, w > 90 ? 34 : 12, p.night, 'opacity=".22"') +
            rect(x + w * 0.2, y - h * 0.5, w * 0.6, 30, p.paper, 'opacity=".92"') +
            rect(x, y - h, 7, h, '#fff', 'opacity=".25"');
          x += w + n(3, 16);
        }
        return out + rect(30, y, 1140, 26, '#8a6544') + rect(30, y + 26, 1140, 12, p.night, 'opacity=".3"');
      };
      return (
        wash(p.paper, p.pale) +
        rect(10, 20, 24, 880, '#75522f') +
        rect(1166, 20, 24, 880, '#75522f') +
        row(268) +
        row(552) +
        row(836)
      );
    },
  },
  puppet: {
    alt: 'A lit screen with the shadows of two jointed puppets held by rods, lamp glow at the centre, hands below.',
    draw({ p, n }) {
      const figure = (x: number, flip: number, hat: number) =>
        `<g transform="translate(${x} 0) scale(${flip} 1)">` +
        shape(`M-30 270Q0 ${230 - hat} 30 270L36 330Q0 350 -36 330Z`, p.night) +
        stroke('M34 300q34 10 22 30', p.night, 12) +
        shape('M-54 340Q0 320 50 344L78 540Q0 570 -84 536Z', p.night) +
        times(6, (k) => disc(-40 + k * 16, 440 + (k % 2) * 26, 7, p.warm)) +
        turned(
          n(-40, 10),
          40,
          360,
          shape('M30 350L170 370L178 394L36 392Z', p.night) + disc(184, 382, 17, p.night),
        ) +
        turned(n(-16, 24), -30, 540, shape('M-60 530L-40 690L10 690L-14 530Z', p.night)) +
        turned(n(-24, 16), 30, 540, shape('M10 530L34 690L86 690L58 530Z', p.night)) +
        line(0, 420, -60, 900, p.deep, 7) +
        line(170, 382, 200, 900, p.deep, 6) +
        disc(0, 344, 6, p.warm) +
        '</g>';
      return (
        rect(0, 0, WIDE, HIGH, p.night) +
        `<defs><radialGradient id="lamp"><stop offset="0" stop-color="#fff8e6"/><stop offset=".55" stop-color="${p.warm}"/><stop offset="1" stop-color="${p.mid}"/></radialGradient></defs>` +
        rect(90, 60, 1020, 660, 'url(#lamp)', 'rx="8"') +
        times(34, (k) => line(90 + k * 30, 60, 90 + k * 30, 720, '#fff', 1, 'opacity=".14"')) +
        shape(
          'M90 720L90 600L190 560L260 640L360 560L400 720ZM1110 720L1110 540L1000 500L930 620L860 600L840 720Z',
          p.deep,
          'opacity=".7"',
        ) +
        figure(n(400, 450), 1, n(40, 90)) +
        figure(n(760, 810), -1, n(0, 30)) +
        rect(0, 720, WIDE, 180, p.night) +
        times(4, (k) => oval(340 + k * 170, 880, 50, 38, p.soft)) +
        rect(70, 40, 1060, 22, p.accent) +
        rect(70, 718, 1060, 22, p.accent)
      );
    },
  },
};
