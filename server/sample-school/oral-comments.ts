/** What panelists write about how a project was presented: to a group about its rows, to each member about theirs. */
import { pick, type SeededChance } from './seeded.js';

const bank: Record<string, readonly [low: string, high: string]> = {
  clarity: [
    'I lost the thread after the second slide: say in one sentence what you propose, and say it first.',
    'One question, one proposal, three reasons. I could repeat it on the bus.',
  ],
  evidence: [
    'Two of the numbers had no source. Who counted, and when?',
    'You showed where each number comes from, also the one that speaks against you.',
  ],
  organization: [
    'The parts were good and stood side by side. What leads from one to the next?',
    'Every part began where the one before had ended, whoever was speaking.',
  ],
  'digital-media': ['Too much text to read while somebody talks.', 'The map did the work of five slides.'],
  'language-use': [
    'Speak to the people in the last row, and leave out “kind of”.',
    'Precise words, and the technical ones explained in passing.',
  ],
  'presentation-skills': [
    'You know this better than your notes do. Look up.',
    'Calm, audible, and quick to notice when we did not follow.',
  ],
  'interaction-with-audience': [
    'You answered another question than the one that was asked. Take a breath first.',
    'Took the hardest question of the evening and said what is not known yet.',
  ],
};

/** @param stand 0 to 1, where along the levels it stands */
export const oralRemark = (criterionId: string, stand: number): string =>
  bank[criterionId]?.[stand < 0.6 ? 0 : 1] ?? '';

const toAll = [
  'You divided the talk fairly, and nobody left a question to the others. Write down who will keep this going when you have graduated.',
  'I came because of the poster and leave with a task. Please send us the figures.',
  'The best moment was when you disagreed with each other politely. There could have been more of it.',
  'A project for the whole street. Ask the shopkeepers next.',
];

export const wordToAll = (chance: SeededChance): string => pick(chance, toAll);
