/**
 * Gives a process that a test starts the clock of the tests: `node --import` this file with
 * `TEST_CLOCK_AHEAD`, the milliseconds by which that clock is ahead of the machine's. Only tests load it; the
 * product has no such setting.
 */
import { ServerResponse } from 'node:http';

const ahead = Number(process.env.TEST_CLOCK_AHEAD);
const now = Date.now;

globalThis.Date = new Proxy(Date, {
  construct: (real, given, asked) =>
    Reflect.construct(real, given.length > 0 ? given : [now() + ahead], asked),
  apply: (real) => new real(now() + ahead).toString(),
  get: (real, name) => (name === 'now' ? () => now() + ahead : Reflect.get(real, name)),
});

// Node dates its answers by a clock of its own, and browsers measure a cookie's end by that date.
const { writeHead } = ServerResponse.prototype;
ServerResponse.prototype.writeHead = function (...given) {
  if (!this.headersSent && !this.hasHeader('date')) this.setHeader('date', new Date().toUTCString());
  return writeHead.apply(this, given);
};
