/** Runs write-much.ts as a process of its own, so that its figure is not mixed with the memory of the test runner. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { projectRoot } from '../../server/project-root.js';
import type { StorageSettings } from '../../storage/open-storage.js';

export interface Growth {
  bytes: number;
  read: number;
  growthWriting: number;
  growth: number;
}

export async function growthWhileWriting(settings: StorageSettings, bytes: number): Promise<Growth> {
  const folder = await mkdtemp(path.join(tmpdir(), 'vitrine-growth-'));
  const program = path.join(folder, 'write-much.cjs');
  try {
    await build({
      entryPoints: [path.join(projectRoot, 'test/storage/write-much.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
    });
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--expose-gc',
      program,
      JSON.stringify(settings),
      String(bytes),
    ]);
    return JSON.parse(stdout) as Growth;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
