/** Short sounds as WAV files (16 bit, mono), made from sines and seeded noise. */
import { between, seededChance, whole, type SeededChance } from '../seeded.js';

const RATE = 22_050;

type Voice = (samples: Float32Array, chance: SeededChance) => void;

/** Adds a struck tone: `hertz` at `start` seconds, dying away over about `length` seconds. */
function strike(
  samples: Float32Array,
  start: number,
  hertz: number,
  length: number,
  loud = 0.4,
  bend = 0,
): void {
  const first = Math.floor(start * RATE);
  const count = Math.min(samples.length - first, Math.floor(length * RATE * 3));
  for (let at = 0; at < count; at += 1) {
    const t = at / RATE;
    const pitch = hertz * (1 + bend * t);
    const tone =
      Math.sin(6.2832 * pitch * t) +
      0.4 * Math.sin(6.2832 * pitch * 2.01 * t) +
      0.15 * Math.sin(6.2832 * pitch * 3.98 * t);
    samples[first + at] =
      (samples[first + at] ?? 0) + tone * loud * Math.exp(-t / length) * Math.min(1, t * 300);
  }
}

function hiss(samples: Float32Array, chance: SeededChance, loud: number, soft: number): void {
  let last = 0;
  for (let at = 0; at < samples.length; at += 1) {
    last += (chance() * 2 - 1 - last) * soft;
    samples[at] = (samples[at] ?? 0) + last * loud;
  }
}

const scale = [0, 2, 3, 5, 7, 9, 10, 12];
const note = (degree: number, base: number): number =>
  base * 2 ** ((scale[((degree % 7) + 7) % 7]! + 12 * Math.floor(degree / 7)) / 12);

const voices: Record<string, Voice> = {
  melody(samples, chance) {
    let degree = 0;
    for (let beat = 0; beat < 15; beat += 1) {
      strike(samples, beat * 0.38 + (beat % 4 === 3 ? 0.1 : 0), note(degree, 262), 0.5, 0.3);
      if (beat % 4 === 0) strike(samples, beat * 0.38, note(degree - 7, 262), 0.9, 0.2);
      degree += whole(chance, -2, 3) - (degree > 6 ? 3 : 0);
    }
  },
  knock(samples, chance) {
    for (let blow = 0; blow < 14; blow += 1) {
      strike(samples, 0.2 + blow * 0.4, between(chance, 90, 260), between(chance, 0.05, 0.22), 0.7, -0.4);
    }
    hiss(samples, chance, 0.02, 0.3);
  },
  calls(samples, chance) {
    hiss(samples, chance, 0.05, 0.08);
    for (let call = 0; call < 16; call += 1) {
      strike(
        samples,
        between(chance, 0, 5.4),
        between(chance, 1500, 3600),
        0.05,
        0.35,
        between(chance, -4, 4),
      );
    }
  },
  voices(samples, chance) {
    hiss(samples, chance, 0.16, 0.05);
    for (let word = 0; word < 22; word += 1) {
      strike(
        samples,
        between(chance, 0, 5.4),
        between(chance, 110, 220),
        0.09,
        0.18,
        between(chance, -0.5, 0.5),
      );
    }
  },
  rumble(samples, chance) {
    hiss(samples, chance, 0.5, 0.01);
    for (let bump = 0; bump < 6; bump += 1)
      strike(samples, 1 + bump * 0.6, between(chance, 38, 60), 0.5, 0.5);
  },
  tremolo(samples) {
    for (let at = 0; at < samples.length; at += 1) {
      const t = at / RATE;
      const apart = t < 3 ? 11 : 3;
      const pair =
        Math.sin(6.2832 * 440 * t) + Math.sin(6.2832 * (440 + apart) * t) + 0.5 * Math.sin(6.2832 * 880 * t);
      samples[at] = pair * 0.26 * Math.min(1, Math.abs(t - 3) * 12, t * 8, (6 - t) * 8);
    }
  },
};

/** Six seconds. @throws Error for a tune that nobody has written */
export function makeSound(name: string, word: string): Buffer {
  const voice = voices[name];
  if (!voice) throw new Error(`No sound "${name}"`);
  const samples = new Float32Array(RATE * 6);
  voice(samples, seededChance(word));
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples.length * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((value, at) =>
    file.writeInt16LE(Math.round(Math.max(-1, Math.min(1, value)) * 30_000), 44 + at * 2),
  );
  return file;
}
