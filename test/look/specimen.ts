/** The living style sheet: every partial with sample data on one page, to be looked at and to be tested. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createAssets, type Assets } from '../../server/rendering/assets.js';
import type { Frame } from '../../server/rendering/frame.js';
import { navigation } from '../../server/rendering/navigation.js';
import { PAGE_STYLES, pageSheetOf } from '../../server/rendering/page-styles.js';
import { createTemplates } from '../../server/rendering/templates.js';
import { createTexts, directionOf } from '../../server/rendering/texts.js';
import { projectRoot } from '../../server/project-root.js';

const noon = new Date('2026-03-12T17:00:00Z');
const inMinutes = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000);

const SEVEN = [
  { id: 'emerging', name: 'Emerging' },
  { id: 'e-d', name: 'E/D', between: true },
  { id: 'developing', name: 'Developing' },
  { id: 'd-p', name: 'D/P', between: true },
  { id: 'proficient', name: 'Proficient' },
  { id: 'p-a', name: 'P/A', between: true },
  { id: 'advanced', name: 'Advanced' },
];

const voice = (initials: string, label: string) => ({ initials, label });

/** The frame of a page in the sample school. */
export function specimenFrame(change: Partial<Frame> = {}): Frame {
  const texts = createTexts({ missing: 'throw' });
  return {
    title: 'Specimen',
    locale: 'en',
    direction: directionOf(change.locale ?? 'en'),
    timeZone: 'America/New_York',
    actor: { name: 'Noor Haddad', account: true },
    school: { name: 'Riverbend School', slug: 'riverbend', accent: null },
    nav: navigation({ roles: ['advisor', 'registrar'] }, '/students/1', (key) => texts.t('en', key)),
    crumbs: [
      { href: '/students', label: 'Students' },
      { href: '/students/1', label: 'Ximena Órdoñez-Whitlock' },
    ],
    path: '/students/1',
    scripts: [],
    now: noon,
    ...change,
  };
}

const specimenView = {
  pictures: [
    {
      title: 'River, measured',
      picture: pictureUrl(900, 600, 190),
      alt: 'A river',
      line: 'Ximena Órdoñez · 4 March · Photo',
      href: '#1',
    },
    {
      title: 'Letters to the water board, with three answers',
      excerpt:
        'Dear members of the board, last autumn I stood under the Ash Street bridge with a turbidity tube and a borrowed pair of boots. What I saw there changed what I wanted to learn this year.',
      line: 'Ximena Órdoñez · 9 March · Text',
      href: '#2',
    },
    {
      title: 'Cross-section model',
      picture: pictureUrl(600, 800, 25),
      alt: 'A model',
      line: 'Ximena Órdoñez · 1 March · Photo',
      href: '#3',
    },
    {
      title: 'Interview with Dr. Hailu ሐይሉ',
      icon: 'audio-lines',
      line: 'Ximena Órdoñez · 22 February · Audio',
      href: '#4',
      tag: 'Version 2',
    },
  ],
  levels: SEVEN,
  places: [
    { name: 'Emerging', marks: [] },
    { name: 'E/D', between: true, marks: [] },
    { name: 'Developing', marks: [voice('RO', 'Rosa Ortiz, family')] },
    { name: 'D/P', between: true, marks: [] },
    {
      name: 'Proficient',
      decided: true,
      marks: [voice('NH', 'Noor Haddad, advisor'), voice('TB', 'Temesgen Bekele, mentor')],
    },
    { name: 'P/A', between: true, marks: [voice('LW', 'Lin Wei, peer')] },
    { name: 'Advanced', marks: [] },
  ],
  startsAt: inMinutes(12),
  timeline: [
    { when: '14 Jan', title: 'Shadow day at the water board', line: 'Internship' },
    { when: '4 Mar', title: 'River, measured', href: '#1', line: 'Photo, version 3' },
    { when: 'Today', title: 'Winter exhibition', line: 'Room 2, 12:12 PM', current: true },
  ],
  options: [
    { value: 'spring', label: 'Spring 2026' },
    { value: 'winter', label: 'Winter 2025' },
  ],
  formats: [
    { value: 'panel', label: 'Panel', help: '50 to 60 minutes: presentation, questions, scoring' },
    { value: 'gallery', label: 'Gallery', help: 'Many short visits' },
  ],
  rows: [
    { name: 'Amina Yusuf', advisory: 'Haddad', grade: '11', sheets: 4 },
    { name: 'محمد الخطيب', advisory: 'Haddad', grade: '12', sheets: 3 },
    { name: 'Nguyễn Thị Minh Khai', advisory: 'Okafor', grade: '10', sheets: 4 },
  ],
  charts: [
    {
      title: 'Empirical Reasoning',
      words: 'From Developing in autumn to Proficient in spring.',
      svgHtml: chart('M40 70H100V46H160V22H220'),
    },
    { title: 'Communication', words: 'Proficient in all three terms.', svgHtml: chart('M40 46H220') },
    {
      title: 'Knowing How to Learn',
      words: 'From Emerging to Developing.',
      svgHtml: chart('M40 94H100V70H220'),
    },
  ],
};

function chart(line: string): string {
  return `<svg viewBox="0 0 240 110" fill="none" aria-hidden="true"><path d="M40 94H220M40 70H220M40 46H220M40 22H220" stroke="currentColor" opacity=".18"/><path d="${line}" stroke="currentColor" stroke-width="2.5"/></svg>`;
}

function pictureUrl(width: number, height: number, hue: number): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="hsl(${hue} 30% 78%)"/><path d="M0 ${height * 0.62}Q${width * 0.3} ${height * 0.45} ${width * 0.55} ${height * 0.66}T${width} ${height * 0.55}V${height}H0Z" fill="hsl(${hue} 34% 44%)"/><path d="M0 ${height * 0.8}Q${width * 0.4} ${height * 0.66} ${width} ${height * 0.84}V${height}H0Z" fill="hsl(${hue} 40% 26%)"/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

function specimenAssets(): Assets {
  return createAssets({ projectRoot });
}

/** The specimen as HTML; its template lies beside this file and is not part of the product. */
function renderSpecimen(change: Partial<Frame> = {}): string {
  const texts = createTexts({ missing: 'throw' });
  const templates = createTemplates({
    texts,
    projectRoot,
    extraFolders: [path.join(projectRoot, 'test/look')],
    assetUrl: specimenAssets().url,
  });
  // It shows every pattern, so it has the sheets of all pages.
  const all = [...new Set(Object.keys(PAGE_STYLES).map(pageSheetOf))].map(
    (name) => `<link rel="stylesheet" href="${specimenAssets().url(name)}">`,
  );
  const page = templates.render('specimen', specimenView, specimenFrame(change));
  return page.replace('</head>', `${all.join('')}</head>`);
}

if (process.argv[2] === '--write') {
  const out = process.argv[3] ?? '.build/look';
  mkdirSync(out, { recursive: true });
  writeFileSync(path.join(out, 'specimen.html'), renderSpecimen());
}
