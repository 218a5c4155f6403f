/** Starts the programs of the measurement: instances of the real server, the bare insert, and the clients. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../../server/project-root.js';
import type { Ran, Run } from './messages.js';

export interface Program {
  url: string;
  pid: number;
  stop(): Promise<void>;
}

const gone = (child: ChildProcess) =>
  new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve());
  });

/** @param script below .build/; it prints `open at http://localhost:PORT` */
export async function startProgram(script: string, environment: Record<string, string>): Promise<Program> {
  const flags = process.env.BENCH_NODE_FLAGS?.split(' ').filter(Boolean) ?? [];
  const child = spawn(process.execPath, [...flags, path.join(projectRoot, '.build', script)], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const port = /open at http:\/\/localhost:(\d+)/.exec(output)?.[1];
      if (port) resolve(`http://127.0.0.1:${port}`);
    });
    child.once('exit', () => reject(new Error(`${script} ended at once:\n${output}`)));
  });
  return {
    url,
    pid: child.pid!,
    async stop() {
      child.kill('SIGTERM');
      await gone(child);
    },
  };
}

export interface Clients {
  run(order: Run): Promise<Ran>;
  stop(): Promise<void>;
}

export function startClients(): Clients {
  const child = fork(path.join(projectRoot, '.build/bench/panel-day/clients.js'), { execArgv: [] });
  return {
    run: (order) =>
      new Promise((resolve, reject) => {
        const ended = () => reject(new Error('the clients have ended'));
        child.once('exit', ended);
        child.once('message', (ran) => {
          child.off('exit', ended);
          resolve(ran as Ran);
        });
        child.send(order);
      }),
    async stop() {
      child.kill();
      await gone(child);
    },
  };
}
