/** A panel with work of every kind before it: what tests of pins stand on. */
import { randomUUID } from 'node:crypto';
import { PDFDocument } from '@cantoo/pdf-lib';
import sharp from 'sharp';
import { makeSound } from '../../../server/sample-school/art/make-sound.js';
import { saveSlotSnapshot } from '../../../server/exhibitions/slots/slot-records.js';
import type { Pin } from '../../../server/artifacts/pin.js';
import type { PortfolioSnapshot } from '../../../server/portfolio/portfolio.js';
import type { Client, Reply } from '../client.js';
import type { TestApp } from '../start-app.js';
import { anArtifact } from './artifacts.js';
import { aSnapshot } from './portfolio.js';
import { anOperation, aPanel, type PanelOptions, type TestPanel } from './scores.js';

const report = 'I bent the first chair. It broke.\nI bent the second chair. It held, and I sat on it.';

const kinds = ['picture', 'text', 'pdf', 'sound', 'link'] as const;
type Kind = (typeof kinds)[number] | 'damaged';

export interface PinningPanel extends TestPanel {
  snapshot: PortfolioSnapshot;
  /** Version ids by kind of work. */
  version: Record<Kind, string>;
  artifact: Record<Kind, string>;
  seatId: string;
  client: Client;
  send(operations: object[], from?: Client): Promise<Reply>;
}

export interface PinningOptions extends PanelOptions {
  /** With a PDF whose pages cannot be counted. */
  damaged?: boolean;
  /** The student's own pins. */
  suggest?: { kind: Kind; criterionId: string; place: object; note?: string }[];
}

interface WorkFile {
  name: string;
  bytes: Buffer;
}

const made = new Map<Kind, Promise<WorkFile | null>>();

/** Made once for all tests of a file: a sound takes a second to compute. */
function fileOf(kind: Kind): Promise<WorkFile | null> {
  const file = made.get(kind) ?? makeFile(kind);
  made.set(kind, file);
  return file;
}

async function makeFile(kind: Kind): Promise<WorkFile | null> {
  if (kind === 'picture') {
    const image = sharp({ create: { width: 300, height: 200, channels: 3, background: '#b08d57' } });
    return { name: 'chair.png', bytes: await image.png().toBuffer() };
  }
  if (kind === 'pdf') {
    const pdf = await PDFDocument.create();
    for (let page = 0; page < 3; page += 1) pdf.addPage([300, 400]);
    return { name: 'plans.pdf', bytes: Buffer.from(await pdf.save()) };
  }
  if (kind === 'damaged')
    return { name: 'damaged.pdf', bytes: Buffer.from('%PDF-1.7 and nothing else but %%EOF') };
  return kind === 'sound' ? { name: 'talk.wav', bytes: makeSound('melody', 'a test') } : null;
}

export async function aPinningPanel(app: TestApp, options: PinningOptions = {}): Promise<PinningPanel> {
  const panel = await aPanel(app, options);
  const { home, people, slotId, seats } = panel;
  const entries: { kind: Kind; artifactId: string; versionId: string; pins: object[] }[] = [];
  for (const kind of options.damaged ? ([...kinds, 'damaged'] as const) : kinds) {
    const file = await fileOf(kind);
    const input = {
      studentId: people.student.id,
      title: `The ${kind}`,
      altText: 'A chair bent from one sheet',
      ...(file ?? (kind === 'text' ? { text: report } : { url: 'https://chairs.example/' })),
    };
    const { artifact, version } = await anArtifact(app, home, input);
    const pins = (options.suggest ?? [])
      .filter((pin) => pin.kind === kind)
      .map(({ criterionId, place, note = '' }) => ({
        ...{ id: randomUUID(), criterionId, artifactVersionId: version.id, place, note },
      }));
    entries.push({ kind, artifactId: artifact.id, versionId: version.id, pins });
  }
  const { snapshot } = await aSnapshot(app, home, {
    studentId: people.student.id,
    rubric: options.rubric ?? 'exhibition',
    artifactIds: entries.map(({ artifactId }) => artifactId),
    pins: entries.map(({ pins }) => pins as Pin[]),
  });
  await saveSlotSnapshot(home.scope, slotId, snapshot.id);
  const seatId = seats[0]!.id;
  const client = await panel.as('panelist-0');
  const by = (name: 'artifactId' | 'versionId') =>
    Object.fromEntries(entries.map((entry) => [entry.kind, entry[name]])) as Record<Kind, string>;
  return {
    ...panel,
    ...{ snapshot, seatId, client, version: by('versionId'), artifact: by('artifactId') },
    send: (operations, from = client) => from.post(`/seats/${seatId}/sheet/operations`, { operations }),
  };
}

/** An operation that pins a row to a place. */
export const aPin = (criterionId: string, artifactVersionId: string, place: object, note = '') =>
  anOperation({ kind: 'add-pin', criterionId, pin: { id: randomUUID(), artifactVersionId, place, note } });
