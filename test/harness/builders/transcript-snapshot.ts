/** A complete snapshot to print in tests: six goals over three terms, a panel with names in several scripts, two narratives. */
import type {
  TranscriptGoal,
  TranscriptRubric,
  TranscriptSnapshot,
} from '../../../server/transcript/snapshot.js';

const terms = [
  { id: 'fall', name: 'Fall 2025' },
  { id: 'winter', name: 'Winter 2026' },
  { id: 'spring', name: 'Spring 2026' },
];

const levels = ['Beginning', 'Developing', 'Capable', 'Accomplished', 'Leading'].map((name, index) => ({
  id: `l${index + 1}`,
  name,
  between: false,
  describes: [
    'Starts with close support and can say what the next step is.',
    'Does the familiar parts alone and asks for help at the right moment.',
    'Works independently on what was planned and explains the choices made.',
    'Carries the work into new situations and improves it by evidence.',
    'Shapes the work of others and adds something that was not there before.',
  ][index]!,
}));

function aGoal(name: string, path: number[][]): TranscriptGoal {
  return {
    id: name.toLowerCase().replaceAll(' ', '-'),
    name,
    description: null,
    meaning:
      path.at(-1)!.length > 0
        ? 'Plans the next step alone, says why it is the next one, and changes the plan when the evidence does.'
        : null,
    history: path.flatMap((attempts, term) =>
      attempts.map((level, attempt) => ({
        termId: terms[term]!.id,
        levelId: `l${level}`,
        on: `2026-0${term + 1}-12`,
        attempt: attempt + 1,
      })),
    ),
  };
}

const learningGoals: TranscriptRubric = {
  slug: 'learning-goals',
  hash: 'a'.repeat(64),
  title: 'Learning goals',
  credit: 'after Big Picture Learning',
  levels,
  goals: [
    aGoal('Knowing How to Learn', [[2], [3], [4]]),
    aGoal('Empirical Reasoning', [[1], [2, 3], [3]]),
    aGoal('Quantitative Reasoning', [[2], [2], [3]]),
    aGoal('Social Reasoning', [[3], [3], [3]]),
    aGoal('Communication', [[2], [1, 3], [4]]),
    aGoal('Personal Qualities', [[], [], []]),
  ],
};

export const advisorText = `When Amina came back from the first week at the clinic she did not talk about the patients. She talked about the waiting room: who sat where, who left before being called, and how long a person will wait before deciding that nobody is coming. That question became her term.

She counted. For eleven afternoons she sat with a notebook beside the interpreter's desk and wrote down, every ten minutes, how many people were waiting and in which language they had signed in. The first table she brought me was wrong in an instructive way: she had counted families as one. She saw it herself, before I did, and counted again.

What impressed the panel in March was not the chart, good as it was, but the paragraph under it in which she named three things her numbers *could not* show. Dr. Haile asked whether she would trust the result enough to change the rota. She said: "For one week, to see." That is a scientist's answer.

Her writing has grown more slowly than her thinking. Drafts arrive late and long; the second version is always half the length and twice as good. Next term we will practise letting go of the first version earlier.

She has begun to notice when others in advisory fall silent, and to ask them a question rather than fill the gap. It is the quality I would most like her next teachers to know about.`;

export const studentText = `I set out to find out why my grandmother always leaves the clinic before her turn. I thought the answer would be that the wait is too long. It isn't. People will wait two hours if they know it will be two hours.

I learned how to take a measurement again when the first one is bad, and not to be ashamed of that. I learned to say "I don't know yet" in front of a panel, which felt terrible for about four seconds and then felt fine.

- I am proud of the one-page sign the clinic now hangs up in five languages.
- I am not proud of how late I started writing.

Next year I want to do this with a whole ward.`;

/** @param change fields that differ from the complete example */
export function aTranscriptSnapshot(change: Partial<TranscriptSnapshot> = {}): TranscriptSnapshot {
  return {
    format: 1,
    number: 'RB-2026-000123',
    code: 'K7QF-2MXN-8RTD',
    verifyUrl: 'https://vitrine.riverbend.example/verify/K7QF-2MXN-8RTD',
    language: 'en',
    school: {
      name: 'Riverbend School',
      address: '14 Mill Lane, Riverbend',
      motto: 'Work that matters to someone',
      accent: null,
      timeZone: 'America/New_York',
    },
    student: {
      id: 'student-1',
      name: 'Amina Warsame-Okonkwo',
      sourcedId: 'S-2041',
      grade: '11',
      advisory: 'Cedar',
      advisors: ['Marisol Quintanilla'],
    },
    term: { id: 'spring', name: 'Spring 2026', startsOn: '2026-03-09', endsOn: '2026-06-19' },
    issued: { at: '2026-06-22T14:05:00.000Z', by: 'Ruth Abernathy' },
    intent: {
      title: 'The waiting room',
      statement:
        'I want to find out why people leave the community clinic before they are seen, measure it properly, and change one thing about the waiting room that makes it less likely.',
    },
    terms,
    rubrics: [learningGoals],
    exhibitions: [
      {
        title: 'Spring exhibition',
        format: 'panel',
        startsAt: '2026-06-04T13:30:00.000Z',
        place: 'Library, room 2',
        attempt: 1,
        portfolio: 'The waiting room',
        panel: [
          { name: 'Marisol Quintanilla', role: 'advisor' },
          { name: 'ደስታ ኃይሌ', role: 'mentor' },
          { name: 'محمد عبد الرحمن', role: 'family' },
          { name: '王小明', role: 'peer' },
        ],
        outcomes: learningGoals.goals.map((goal) => ({
          criterion: goal.name,
          level: levels.find((level) => level.id === goal.history.at(-1)?.levelId)?.name ?? null,
        })),
      },
      {
        title: 'Winter gallery',
        format: 'gallery',
        startsAt: '2026-02-12T18:00:00.000Z',
        place: 'Atrium',
        attempt: 2,
        portfolio: 'Counting who leaves',
        panel: [
          { name: 'Marisol Quintanilla', role: 'advisor' },
          { name: 'Zoë Vandenbroucke', role: 'guest' },
        ],
        outcomes: [
          { criterion: 'Empirical Reasoning', level: 'Capable' },
          { criterion: 'Communication', level: 'Capable' },
        ],
      },
    ],
    internships: [
      {
        organisation: 'Riverbend Community Clinic',
        mentorName: 'ደስታ ኃይሌ',
        interest: 'Public health',
        startsOn: '2026-01-20',
        endsOn: '2026-05-29',
        hours: 96,
        summary:
          'Observed the front desk, kept the count of waiting times, and designed the five-language sign that now hangs at the entrance.',
      },
    ],
    narratives: [
      {
        voice: 'advisor',
        authorName: 'Marisol Quintanilla',
        markdown: advisorText,
        signedAt: '2026-06-15T12:00:00.000Z',
        version: 1,
      },
      {
        voice: 'student',
        authorName: 'Amina Warsame-Okonkwo',
        markdown: studentText,
        signedAt: '2026-06-16T12:00:00.000Z',
        version: 2,
      },
    ],
    ...change,
  };
}
