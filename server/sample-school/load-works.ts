/**
 * The students' works: made here, brought in through the artifacts' own act, and shown in a portfolio for each term.
 */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { listArtifactsByIds, listLatestVersions } from '../artifacts/artifact-records.js';
import { addArtifact, type Work } from '../artifacts/add-artifact.js';
import { workOfVersion, type PinnedWork } from '../artifacts/pin.js';
import type { ReceivedFile } from '../artifacts/store-file.js';
import { addInternship } from '../plan/record-internship.js';
import { changePlan } from '../plan/change-plan.js';
import { changePortfolio, createPortfolio } from '../portfolio/change-portfolio.js';
import { submitPortfolio } from '../portfolio/submit-portfolio.js';
import { makeDocument } from './art/make-document.js';
import { makePhoto, scenes } from './art/make-photo.js';
import { makeSound } from './art/make-sound.js';
import type { SampleMoment, SampleStudent, SampleWork } from './read-content.js';
import type { SchoolScope } from '../db/database.js';
import { studentPins } from './sample-pins.js';
import { actorOf, clockAt, each, inBatches, named, studentOf, type SampleWorld } from './sample-world.js';
import { seededChance, shuffled, whole } from './seeded.js';

/** Artifact ids, by student and title. */
export type ArtifactIdsByWork = Map<string, string>;
const place = (student: SampleStudent, work: SampleWork) => `${student.key} / ${work.title}`;

/** @param folder where the files lie until storage has them */
export async function loadWorks(
  world: SampleWorld,
  moment: SampleMoment,
  folder: string,
  hung: ArtifactIdsByWork,
): Promise<void> {
  const jobs = world.students.flatMap((student) =>
    student.works.filter((work) => work.moment === moment).map((work, index) => ({ student, work, index })),
  );
  const { context, scope, calendar } = world;
  await each(jobs, 3, async ({ student, work, index }) => {
    const word = place(student, work);
    const made = await makeWork(student, work, word, folder);
    const person = studentOf(world, student);
    const back = moment === 'now' ? -30 : calendar.lastDay[moment] - 40;
    const clock = clockAt(calendar.at(back + index * 9 + whole(seededChance(`${word} day`), 0, 8), 16));
    const altText = work.medium === 'photo' ? (scenes[work.what]?.alt ?? '') : '';
    const { artifact } = await named(`artifact ${word}`, () =>
      addArtifact({ storage: context.storage, clock }, scope, actorOf(world, person), {
        studentId: person.id,
        work: made,
        words: { title: work.title, caption: work.caption, altText },
      }),
    );
    hung.set(word, artifact.id);
  });
}

async function makeWork(
  student: SampleStudent,
  work: SampleWork,
  word: string,
  folder: string,
): Promise<Work> {
  const name = work.title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
  const file = async (bytes: Buffer, type: string, ending: string): Promise<Work> => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const received: ReceivedFile = {
      name: `${name}.${ending}`,
      bytes: bytes.length,
      sha256,
      type,
      place: path.join(folder, `${createHash('sha256').update(word).digest('hex')}.${ending}`),
    };
    await writeFile(received.place, bytes);
    return { kind: 'file', file: received };
  };
  switch (work.medium) {
    case 'text':
      return { kind: 'text', text: work.body };
    case 'link':
      return { kind: 'link', url: work.what };
    case 'photo':
      return file(await makePhoto(work.what, word, student.hue), 'image/jpeg', 'jpg');
    case 'audio':
      return file(makeSound(work.what, word), 'audio/wav', 'wav');
    case 'pdf':
      return file(
        await makeDocument({
          title: work.title,
          author: `${student.displayName} · Riverbend School`,
          picture: await makePhoto('shelf', `${word} cover`, student.hue),
          sections: [
            { heading: 'What this is', text: work.caption },
            { heading: 'What I set out to do', text: student.aims.latest },
            { heading: 'What I found', text: student.narratives.latest.student },
            { heading: 'What I would do again', text: work.reflection },
          ],
        }),
        'application/pdf',
        'pdf',
      );
  }
}

/** The newest version of each work, by artifact. */
async function worksBehind(scope: SchoolScope, ids: readonly string[]): Promise<Map<string, PinnedWork>> {
  const artifacts = await listArtifactsByIds(scope, ids);
  const versions = await listLatestVersions(scope, artifacts);
  return new Map(
    artifacts.flatMap((artifact) => {
      const version = versions.get(artifact.id);
      return version ? [[artifact.id, workOfVersion(artifact, version)] as const] : [];
    }),
  );
}

/** Portfolio, plan and internship of a term. `submitted` says for whom the portfolio is frozen. */
export async function loadPortfolios(
  world: SampleWorld,
  moment: SampleMoment,
  hung: ArtifactIdsByWork,
  submitted: (student: SampleStudent) => boolean,
): Promise<void> {
  const { calendar, termIds } = world;
  const rubrics = world.context.rubrics;
  const termId = termIds[moment];
  const criteria = rubrics.bySlug('learning-goals').rubric.criteria.map(({ id }) => id);
  const begun = moment === 'now' ? -50 : calendar.lastDay[moment] - 84;
  const handedIn = moment === 'now' ? -2 : calendar.lastDay[moment] - 15;

  const prepared = new Map<string, Awaited<ReturnType<typeof changePortfolio>>>();
  await inBatches(world, world.students, async ({ scope }, student) => {
    const person = studentOf(world, student);
    const actor = actorOf(world, person);
    const chance = seededChance(`portfolio ${student.key} ${moment}`);
    await named(`plan ${student.key} ${moment}`, () =>
      changePlan({ clock: clockAt(calendar.at(begun, 10)) }, scope, actor, person, {
        termId,
        aim: student.aims[moment],
        goals: [],
        revision: 0,
      }),
    );
    const portfolio = await named(`portfolio ${student.key} ${moment}`, () =>
      createPortfolio({ clock: clockAt(calendar.at(begun, 11)), rubrics }, scope, {
        studentId: person.id,
        termId,
        title: capital(student.interest),
        statement: student.aims[moment],
        rubric: 'learning-goals',
      }),
    );
    const works = student.works.filter((work) => work.moment === moment);
    const versions = await worksBehind(
      scope,
      works.map((work) => hung.get(place(student, work))!),
    );
    const entries = works.map((work) => {
      const artifactId = hung.get(place(student, work))!;
      const criterionIds = shuffled(chance, criteria).slice(0, whole(chance, 1, 3));
      const version = versions.get(artifactId);
      const pins = version ? studentPins(place(student, work), version, criterionIds) : [];
      return { id: null, artifactId, reflection: work.reflection, criterionIds, pins };
    });
    const { title, statement, revision } = portfolio;
    const change = { title, statement, rubric: 'learning-goals', entries, revision };
    prepared.set(
      student.key,
      await named(`entries ${student.key} ${moment}`, () =>
        changePortfolio(
          { clock: clockAt(calendar.at(handedIn - 1, 17)), rubrics },
          scope,
          actor,
          portfolio,
          change,
        ),
      ),
    );
  });
  await inBatches(world, world.students.filter(submitted), async ({ scope }, student) => {
    const portfolio = prepared.get(student.key)!;
    const actor = actorOf(world, studentOf(world, student));
    const needs = { clock: clockAt(calendar.at(handedIn, 20)), rubrics };
    await named(`snapshot ${student.key} ${moment}`, () =>
      submitPortfolio(needs, scope, actor, portfolio, portfolio.revision),
    );
  });
}

/** The internship runs from the last finished term into the present one. */
export async function loadInternships(world: SampleWorld): Promise<void> {
  const { calendar, termIds } = world;
  await inBatches(world, world.students, async ({ scope }, student) => {
    const { organisation, mentor, hours, summary } = student.internship;
    const person = studentOf(world, student);
    await named(`internship ${student.key}`, () =>
      addInternship(scope, actorOf(world, person), person, {
        termId: termIds.latest,
        organisation,
        mentorName: mentor,
        interest: student.interest,
        startsOn: calendar.terms.latest.startsOn,
        endsOn: student.grade === '12' || student.grade === '11' ? null : calendar.terms.latest.endsOn,
        summary,
        hours,
      }),
    );
  });
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
