/**
 * A student's own pins: places in a work that prove a criterion, set before the panel sees it. They belong to
 * the newest version; when there is a newer one, each is kept on its version, moved or removed
 * (earlier-pins.ts).
 */
import { listArtifactsByIds, listLatestVersions, listVersionsByIds } from '../artifacts/artifact-records.js';
import { workOfVersion, type PinnedWork } from '../artifacts/pin.js';
import { readPlace, type PlaceBody } from '../artifacts/read-place.js';
import type { Clock } from '../clock.js';
import type { SchoolScope } from '../db/database.js';
import { Conflict, InvalidInput, NotFound } from '../errors.js';
import { newId } from '../ids.js';
import { withExtents, type ExtentNeeds } from '../artifacts/find-extents.js';
import type { ChangePortfolioNeeds as ChangeNeeds } from './change-portfolio.js';
import type { PortfolioEntry, EntryPin, Portfolio } from './portfolio.js';
import { savePortfolioChange } from './portfolio-records.js';

type Needs = ChangeNeeds & ExtentNeeds;

const MAX_PINS = 40;

/** The entry, and the version of its work that would be frozen now, with its length. @throws NotFound */
export async function entryWork(
  needs: ExtentNeeds,
  scope: SchoolScope,
  portfolio: Portfolio,
  entryId: string,
): Promise<{ entry: PortfolioEntry; work: PinnedWork }> {
  const entry = portfolio.entries.find(({ id }) => id === entryId);
  const artifacts = entry ? await listArtifactsByIds(scope, [entry.artifactId]) : [];
  const [artifact, version] = [
    artifacts[0],
    (await listLatestVersions(scope, artifacts)).get(entry?.artifactId ?? ''),
  ];
  if (!entry || !artifact || !version) throw new NotFound();
  const [work = workOfVersion(artifact, version)] = await withExtents(needs, scope, [
    workOfVersion(artifact, version),
  ]);
  return { entry, work };
}

async function savePins(
  { clock }: { clock: Clock },
  scope: SchoolScope,
  portfolio: Portfolio,
  entry: PortfolioEntry,
  pins: EntryPin[],
): Promise<Portfolio> {
  const { id, artifactId, reflection, criterionIds } = entry;
  const changed = { id, artifactId, reflection, criterionIds, ...(pins.length > 0 ? { pins } : {}) };
  const after = await savePortfolioChange(scope, portfolio.id, portfolio.revision, {
    entries: portfolio.entries.map((each) => (each.id === entry.id ? changed : each)),
    state: 'draft',
    changedAt: clock.now(),
  });
  if (!after) throw new Conflict('portfolio.problem.stale', {}, 'stale-revision');
  return after;
}

export interface NewPin extends PlaceBody {
  /** Made up by the sender: sent again it counts once. */
  id?: string | undefined;
  criterionId: string;
  note: string;
  /** Id of a pin on an earlier version whose place this one takes. */
  replaces?: string | undefined;
}

/** @throws InvalidInput on the field that is wrong; Conflict when somebody else was faster */
export async function addPin(
  needs: Needs,
  scope: SchoolScope,
  portfolio: Portfolio,
  entryId: string,
  input: NewPin,
): Promise<Portfolio> {
  const { entry, work } = await entryWork(needs, scope, portfolio, entryId);
  const pins = entry.pins ?? [];
  if (pins.some(({ id }) => id === input.id)) return portfolio;
  const rubric = portfolio.rubric ? await needs.rubrics.byHash(portfolio.rubric.hash) : null;
  const { criterionId, note } = input;
  if (!rubric?.criteria.some(({ id }) => id === criterionId))
    throw new InvalidInput([{ field: 'criterionId', message: 'portfolio.problem.criterion-unknown' }]);
  const left = pins.filter(({ id }) => id !== input.replaces);
  if (left.length >= MAX_PINS)
    throw new InvalidInput([
      { field: 'criterionId', message: 'portfolio.problem.pins-too-many', params: { maximum: MAX_PINS } },
    ]);
  const { artifactVersionId } = work;
  const pin = {
    id: input.id ?? newId(),
    criterionId,
    artifactVersionId,
    place: readPlace(work, input),
    note,
  };
  return savePins(needs, scope, portfolio, entry, [...left, pin]);
}

/** @throws NotFound */
function pinOf(entry: PortfolioEntry, pinId: string): EntryPin {
  const pin = (entry.pins ?? []).find(({ id }) => id === pinId);
  if (!pin) throw new NotFound();
  return pin;
}

const withPin = (entry: PortfolioEntry, changed: EntryPin): EntryPin[] =>
  (entry.pins ?? []).map((each) => (each.id === changed.id ? changed : each));

/**
 * A pin on an earlier version stays there, and the panel opens that version. Holds for the version that is
 * the newest now.
 * @throws Conflict when its version is gone
 */
export async function confirmPin(
  needs: Needs,
  scope: SchoolScope,
  portfolio: Portfolio,
  entryId: string,
  pinId: string,
): Promise<Portfolio> {
  const { entry, work } = await entryWork(needs, scope, portfolio, entryId);
  const pin = pinOf(entry, pinId);
  if (pin.artifactVersionId === work.artifactVersionId) return portfolio;
  const [version] = await listVersionsByIds(scope, [pin.artifactVersionId]);
  if (!version || version.takenDown) throw new Conflict('portfolio.problem.pin-version-gone');
  const keptFor = work.artifactVersionId;
  return savePins(needs, scope, portfolio, entry, withPin(entry, { ...pin, keptFor }));
}

/**
 * A pin of an earlier version goes to the same place in the newest one.
 * @throws InvalidInput when the place is not there any more
 */
export async function movePin(
  needs: Needs,
  scope: SchoolScope,
  portfolio: Portfolio,
  entryId: string,
  pinId: string,
): Promise<Portfolio> {
  const { entry, work } = await entryWork(needs, scope, portfolio, entryId);
  const { id, criterionId, note, ...pin } = pinOf(entry, pinId);
  if (pin.artifactVersionId === work.artifactVersionId) return portfolio;
  const place = readPlace(work, { place: pin.place });
  const { artifactVersionId } = work;
  return savePins(
    needs,
    scope,
    portfolio,
    entry,
    withPin(entry, { id, criterionId, note, artifactVersionId, place }),
  );
}

/** Removing what is gone already changes nothing. */
export async function removePin(
  needs: Needs,
  scope: SchoolScope,
  portfolio: Portfolio,
  entryId: string,
  pinId: string,
): Promise<Portfolio> {
  const entry = portfolio.entries.find(({ id }) => id === entryId);
  if (!entry) throw new NotFound();
  const pins = entry.pins ?? [];
  const left = pins.filter(({ id }) => id !== pinId);
  return left.length === pins.length ? portfolio : savePins(needs, scope, portfolio, entry, left);
}
