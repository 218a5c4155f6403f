/**
 * What browsers fetch beside the pages: the style sheets (`page-styles.ts` says which page needs which), the
 * fonts, the built client scripts, a school's accent. Everything is read once at start and gets an address
 * with its content hash, so that it may be cached for ever. Refuses nothing but unknown names; holds no
 * request state.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { accentStyles } from './accent.js';
import { COMMON_STYLES, LAST_STYLE, PAGE_STYLES, pageSheetOf } from './page-styles.js';

interface Asset {
  type: string;
  body: Buffer;
  /** Null where compressing is not worth it. */
  compressed: Compressed | null;
  /** Strong validator, with quotes. */
  etag: string;
  /** The address names the content: answer `Cache-Control: public, max-age=31536000, immutable`; else `no-cache`. */
  immutable: boolean;
}

/** The same bytes, smaller; made when somebody first asks for them, and kept. */
interface Compressed {
  br(): Promise<Buffer>;
  gzip(): Promise<Buffer>;
}

export interface Assets {
  /** `/assets/fonts-1a2b3c4d5e.css` for `fonts.css`. An unknown name gives its plain address. */
  url(name: string): string;
  /** The asset for what follows `/assets/` in the address (hashed or plain name), or null. */
  find(name: string): Asset | null;
}

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

const WEB_FONTS = [
  'noto-sans/400.css',
  'noto-sans/400-italic.css',
  'noto-sans/600.css',
  'source-serif-4/400.css',
  'source-serif-4/400-italic.css',
  'source-serif-4/600.css',
  'ibm-plex-sans-arabic/400.css',
  'ibm-plex-sans-arabic/600.css',
];
/**
 * A hundred small files by range, of which a browser fetches the two or three that a name needs; only pages
 * with such a name know of them.
 */
const CHINESE_FONTS = ['noto-sans-sc/400.css'];

/** Scripts that come as whole fonts; the browser fetches one only when a page has such a letter. */
const WHOLE_FONTS = [
  { family: 'noto-sans-ethiopic', name: 'NotoSansEthiopic', range: 'U+1200-139F,U+2D80-2DDE,U+AB01-AB2E' },
  { family: 'noto-sans-hebrew', name: 'NotoSansHebrew', range: 'U+0590-05FF,U+FB1D-FB4F' },
];
const WHOLE_WEIGHTS = [
  { weight: 400, file: '400Regular' },
  { weight: 600, file: '600SemiBold' },
];

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

function compressedOf(body: Buffer): Compressed {
  let [br, gz]: (Promise<Buffer> | null)[] = [null, null];
  return {
    br: () => (br ??= brotli(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } })),
    gzip: () => (gz ??= zip(body, { level: 9 })),
  };
}

const hashOfBytes = (body: Buffer): string => createHash('sha256').update(body).digest('hex').slice(0, 12);

/** Reads all assets. `clientFolder` holds the built scripts; it may be absent (tests without a build). */
export function createAssets(options: { projectRoot: string; clientFolder?: string }): Assets {
  const found = new Map<string, Asset>();
  const urls = new Map<string, string>();

  function add(name: string, body: Buffer): string {
    const hash = hashOfBytes(body);
    const type = TYPES[path.extname(name)] ?? 'application/octet-stream';
    const compressed = /^(text|application\/json|image\/svg)|ttf/.test(type) ? compressedOf(body) : null;
    const asset: Asset = { type, body, compressed, etag: `"${hash}"`, immutable: false };
    const hashed = name.replace(/(\.[^.]+)$/, `-${hash}$1`);
    found.set(name, asset);
    found.set(hashed, { ...asset, immutable: true });
    urls.set(name, `/assets/${hashed}`);
    return `/assets/${hashed}`;
  }

  const sheet = (name: string): string =>
    readFileSync(path.join(options.projectRoot, 'views/styles', `${name}.css`), 'utf8');
  const together = (names: readonly string[]): Buffer => Buffer.from(names.map(sheet).join('\n'));
  add('styles/common.css', together(COMMON_STYLES));
  add(pageSheetOf(''), together([LAST_STYLE]));
  for (const [template, names] of Object.entries(PAGE_STYLES))
    if (!found.has(pageSheetOf(template))) add(pageSheetOf(template), together([...names, LAST_STYLE]));
  add('fonts.css', Buffer.from([...webFonts(WEB_FONTS), ...wholeFonts()].join('\n')));
  add('fonts-chinese.css', Buffer.from(webFonts(CHINESE_FONTS).join('\n')));
  // Home screens of some phones take no SVG.
  for (const size of [180, 192, 512])
    add(`icon-${size}.png`, readFileSync(path.join(options.projectRoot, `views/styles/icon-${size}.png`)));
  add('favicon.svg', Buffer.from(readFileSync(path.join(options.projectRoot, 'views/styles/favicon.svg'))));
  const client = options.clientFolder ?? path.join(options.projectRoot, '.build/client');
  if (existsSync(client)) {
    for (const file of readdirSync(client)) add(file, readFileSync(path.join(client, file)));
  }

  function webFonts(list: readonly string[]): string[] {
    const modules = path.join(options.projectRoot, 'node_modules');
    return list.map((sheet) => {
      const at = path.join(modules, '@fontsource', sheet);
      return readFileSync(at, 'utf8').replace(
        /src:[^;]*?url\(\.\/files\/([^)]+\.woff2)\)[^;]*;/g,
        (_all, file: string) => {
          const url = add(`fonts/${file}`, readFileSync(path.join(path.dirname(at), 'files', file)));
          return `src: url(${url}) format('woff2');`;
        },
      );
    });
  }

  function wholeFonts(): string[] {
    const modules = path.join(options.projectRoot, 'node_modules');
    return WHOLE_FONTS.flatMap(({ family, name, range }) =>
      WHOLE_WEIGHTS.map(({ weight, file }) => {
        const ttf = path.join(modules, '@expo-google-fonts', family, file, `${name}_${file}.ttf`);
        const url = add(`fonts/${name}_${file}.ttf`, readFileSync(ttf));
        return `@font-face{font-family:'Noto Sans';font-weight:${weight};font-display:swap;src:url(${url}) format('truetype');unicode-range:${range}}`;
      }),
    );
  }

  return {
    url: (name) => urls.get(name) ?? accentUrl(name) ?? `/assets/${name}`,
    find: (name) => found.get(name) ?? accentAsset(name),
  };
}

/** `accent-0f5c63.css` is made from the colour in its name, so it never changes either. */
function accentAsset(name: string): Asset | null {
  const hex = /^accent-([0-9a-f]{6})\.css$/.exec(name)?.[1];
  const styles = hex === undefined ? null : accentStyles(hex);
  if (styles === null) return null;
  const body = Buffer.from(styles);
  return {
    type: TYPES['.css'] ?? '',
    body,
    compressed: null,
    etag: `"${hashOfBytes(body)}"`,
    immutable: true,
  };
}

function accentUrl(name: string): string | null {
  const hex = /^accent-#?([0-9a-f]{6})\.css$/i.exec(name)?.[1];
  return hex === undefined ? null : `/assets/accent-${hex.toLowerCase()}.css`;
}
