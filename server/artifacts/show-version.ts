/** How a version of a work is shown on a page, and where its file is. Pure. */
import { showsInline } from '../http/send-stored-file.js';
import { onTheWall, type PictureSize } from './picture-size.js';
import type { VersionKind } from './artifact.js';

export const shownKinds = [
  'image',
  'audio',
  'video',
  'pdf',
  'file',
  'link',
  'text',
  'damaged',
  'taken-down',
] as const;
export type ShownKind = (typeof shownKinds)[number];

/** @param file its media type is found by content; null for links and texts */
export function shownAs(kind: VersionKind, file: { type: string; damaged?: boolean } | null): ShownKind {
  if (kind !== 'file') return kind;
  if (file?.damaged) return 'damaged';
  const type = file?.type;
  if (!type || !showsInline(type)) return 'file';
  if (type === 'application/pdf') return 'pdf';
  return type.split('/')[0] as 'image' | 'audio' | 'video';
}

export const fileHref = (artifactId: string, number: number): string =>
  `/artifacts/${artifactId}/file?version=${number}`;

/** The sign (lucide) on the plate of a work that has no picture. */
const plateIcons: Record<ShownKind, string> = {
  image: 'image',
  audio: 'audio-lines',
  video: 'film',
  pdf: 'file-text',
  file: 'file',
  link: 'link',
  text: 'text',
  damaged: 'file-x',
  'taken-down': 'eye-off',
};

const excerptLength = 240;

export interface Face {
  shown: ShownKind;
  href: string | null;
  /** A picture to show, or the first lines of a text, or else a sign. */
  picture: string | null;
  /** Of the picture, where it is known: as it is, and as it hangs on a wall. */
  size: PictureSize | null;
  wallSize: PictureSize | null;
  excerpt: string | null;
  icon: string;
}

/** What of a work hangs on the wall. */
export function faceOf(
  artifactId: string,
  version: {
    number: number;
    kind: VersionKind;
    file: { type: string; size?: PictureSize; damaged?: boolean } | null;
    text: string | null;
    takenDown?: unknown;
  },
): Face {
  const shown = version.takenDown ? 'taken-down' : shownAs(version.kind, version.file);
  const href = version.file ? fileHref(artifactId, version.number) : null;
  const size = (shown === 'image' ? version.file?.size : undefined) ?? null;
  return {
    shown,
    href,
    picture: shown === 'image' ? href : null,
    size,
    wallSize: size && onTheWall(size),
    excerpt: version.text ? firstWordsOf(version.text) : null,
    icon: plateIcons[shown],
  };
}

/** As many whole words as a card holds; a cut is marked. */
function firstWordsOf(text: string): string {
  if (text.length <= excerptLength) return text;
  const cut = text.slice(0, excerptLength);
  const end = Math.max(cut.lastIndexOf(' '), cut.lastIndexOf('\n'), cut.lastIndexOf('\t'));
  return `${(end > 0 ? cut.slice(0, end) : cut).trimEnd()}…`;
}
