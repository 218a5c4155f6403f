/** A mail server of a test: takes every message and delivers none. Speaks as much SMTP as a sender needs. */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface SunkMail {
  to: string;
  /** Without its transfer encoding. */
  text: string;
}

export async function startMailSink() {
  const mails: SunkMail[] = [];
  const waiting: ((mail: SunkMail) => void)[] = [];
  const take = (mail: SunkMail): void => {
    const next = waiting.shift();
    if (next) next(mail);
    else mails.push(mail);
  };
  const serve = (socket: Socket): void => {
    let [to, data, inData, rest] = ['', '', false, ''];
    const answer = (line: string): void => void socket.write(`${line}\r\n`);
    answer('220 sink');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      rest += chunk.toString('utf8');
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        if (inData && line === '.') {
          take({ to, text: plainOf(data) });
          [inData, data] = [false, ''];
          answer('250 ok');
        } else if (inData) data += `${line}\n`;
        else if (/^DATA/i.test(line)) {
          inData = true;
          answer('354 go on');
        } else {
          if (/^RCPT TO/i.test(line)) to = /<(.*)>/.exec(line)?.[1] ?? '';
          answer('250 ok');
          if (/^QUIT/i.test(line)) socket.end();
        }
      }
    });
  };
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The next message, as soon as it is there. */
    next: (): Promise<SunkMail> => {
      const ready = mails.shift();
      return ready ? Promise.resolve(ready) : new Promise((resolve) => waiting.push(resolve));
    },
    /** Messages that nobody has taken. */
    left: () => mails.length,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function plainOf(data: string): string {
  const at = data.indexOf('\n\n');
  const [head, body] = [data.slice(0, at), data.slice(at + 2)];
  if (/transfer-encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  if (!/transfer-encoding: quoted-printable/i.test(head)) return body;
  return Buffer.from(
    body
      .replace(/=\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_all, code: string) => String.fromCharCode(parseInt(code, 16))),
    'latin1',
  ).toString('utf8');
}
