/**
 * Reads the sample school's students from `content/<advisory>/<student>.md`. Refuses a file in which
 * something is missing.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../project-root.js';

export const moments = ['earlier', 'latest', 'now'] as const;
/** The term before the last finished one, the last finished one, and the one that is under way. */
export type SampleMoment = (typeof moments)[number];

export interface SampleWork {
  medium: 'photo' | 'text' | 'link' | 'audio' | 'pdf';
  /** Photo: the scene; audio: the tune; link: the address. */
  what: string;
  moment: SampleMoment;
  title: string;
  caption: string;
  reflection: string;
  body: string;
}

export interface SampleStudent {
  key: string;
  advisory: string;
  givenName: string;
  familyName: string;
  displayName: string;
  grade: string;
  interest: string;
  /** Degrees on the colour wheel. */
  hue: number;
  /** How far along the levels the panels tend to see this student, 0 to 1, per moment. */
  stand: Record<SampleMoment, number>;
  /** Two things of the work that a panelist can point at. */
  hooks: [string, string];
  internship: { organisation: string; mentor: string; hours: number; summary: string };
  guardians: string[];
  aims: Record<SampleMoment, string>;
  works: SampleWork[];
  narratives: Record<SampleMoment, { advisor: string; student: string }>;
}

const folder = path.join(projectRoot, 'server/sample-school/content');

/** Advisory by advisory, in the order of their files. */
export async function readContent(): Promise<SampleStudent[]> {
  const students: SampleStudent[] = [];
  for (const advisory of ['heron', 'alder', 'kestrel', 'otter']) {
    const files = (await readdir(path.join(folder, advisory))).filter((name) => name.endsWith('.md')).sort();
    for (const file of files) {
      const text = await readFile(path.join(folder, advisory, file), 'utf8');
      students.push(readStudent(advisory, file.slice(0, -3), text));
    }
  }
  return students;
}

/** @throws Error naming the file and what it lacks */
export function readStudent(advisory: string, key: string, text: string): SampleStudent {
  const [head = '', ...sections] = text.split(/^## /m);
  const parts = new Map(
    sections.map((section) => {
      const at = section.indexOf('\n');
      return [section.slice(0, at).trim(), section.slice(at).trim()] as const;
    }),
  );
  const lack = (what: string): never => {
    throw new Error(`Sample student ${advisory}/${key}: ${what}`);
  };
  const fact = (name: string): string | null =>
    new RegExp(`^[-*] ${name}: (.+)$`, 'm').exec(head)?.[1]?.trim() ?? null;
  const need = (name: string): string => fact(name) ?? lack(`no "${name}"`);
  const list = (name: string, sign: string): string[] =>
    need(name)
      .split(sign)
      .map((each) => each.trim());

  const name = /^# (.+)$/m.exec(head)?.[1] ?? lack('no name');
  const [givenName, familyName] = name.includes('|') ? halves(name) : lastWord(name);
  const [firstStand = NaN, secondStand = NaN, thirdStand = NaN] = list('stand', ' ').map(Number);
  const [hook = '', otherHook = ''] = list('hooks', ';');
  const [organisation = '', mentor = '', hours = '', summary = ''] = list('internship', ' | ');
  if (!hook || !otherHook || !summary || Number.isNaN(thirdStand)) lack('hooks, internship or stand');
  const section = (title: string): string => parts.get(title) ?? lack(`no "${title}"`);

  return {
    key,
    advisory,
    givenName,
    familyName,
    displayName: fact('display') ?? `${givenName} ${familyName}`,
    grade: need('grade'),
    interest: need('interest'),
    hue: Number(need('hue')),
    stand: { earlier: firstStand, latest: secondStand, now: thirdStand },
    hooks: [hook, otherHook],
    internship: { organisation, mentor, hours: Number(hours), summary },
    guardians: list('family', ';'),
    aims: { earlier: section('Set out, earlier'), latest: section('Set out'), now: section('Set out, now') },
    works: [...parts].flatMap(([title, body]) => workOf(title, body)),
    narratives: {
      earlier: { advisor: section('Advisor, earlier'), student: section('Student, earlier') },
      latest: { advisor: section('Advisor'), student: section('Student') },
      now: { advisor: parts.get('Advisor, now') ?? '', student: parts.get('Student, now') ?? '' },
    },
  };
}

function workOf(heading: string, section: string): SampleWork[] {
  const found = /^(photo|text|link|audio|pdf)(?: (\S+?))?, (earlier|latest|now): (.+)$/.exec(heading);
  if (!found) return [];
  const [, medium, what, moment, title] = found;
  const [caption = '', reflection = '', ...body] = section.split(/\n\n+/);
  return [
    {
      medium: medium as SampleWork['medium'],
      what: (what ?? '').replace(/^<|>$/g, ''),
      moment: moment as SampleMoment,
      title: title ?? '',
      caption,
      reflection,
      body: body.join('\n\n'),
    },
  ];
}

const halves = (name: string): [string, string] => {
  const [given = '', family = ''] = name.split('|').map((part) => part.trim());
  return [given, family];
};

function lastWord(name: string): [string, string] {
  const words = name.trim().split(/\s+/);
  return [words.slice(0, -1).join(' '), words.at(-1) ?? ''];
}
