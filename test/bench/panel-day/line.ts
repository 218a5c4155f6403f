/**
 * One phone's connection: POSTs of JSON, one after another, on one kept connection, with as little beside it
 * as HTTP/1.1 allows: the clients share the machine with what they measure. Refuses answers without a length,
 * which nothing that is measured sends.
 */
import net from 'node:net';

export interface Answered {
  status: number;
  body: string;
}

export interface Line {
  post(path: string, cookie: string, body: unknown): Promise<Answered>;
  close(): void;
}

interface Waiting {
  resolve: (answered: Answered) => void;
  reject: (error: Error) => void;
}

/**
 * @param origin e.g. `http://127.0.0.1:3000`; connected when this resolves, and again with the next request
 *   when it was cut
 */
export async function openLine(origin: string): Promise<Line> {
  const { hostname, port, host } = new URL(origin);
  let socket: net.Socket | null = null;
  let waiting: Waiting | null = null;
  let received: Buffer = Buffer.alloc(0);

  function fail(error: Error): void {
    const whoever = waiting;
    waiting = null;
    socket = null;
    received = Buffer.alloc(0);
    whoever?.reject(error);
  }

  function take(chunk: Buffer): void {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = received.toString('latin1', 0, end);
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      fail(new Error(`an answer without a length: ${head}`));
      return;
    }
    const whole = end + 4 + Number(length);
    if (received.length < whole) return;
    const body = received.toString('utf8', end + 4, whole);
    received = received.subarray(whole);
    const whoever = waiting;
    waiting = null;
    whoever?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  function connect(): net.Socket {
    const fresh = net.connect({ host: hostname, port: Number(port), noDelay: true });
    fresh.on('data', take);
    fresh.on('error', fail);
    fresh.on('close', () => {
      if (socket === fresh) fail(new Error('the connection was closed'));
    });
    return fresh;
  }

  const first = (socket = connect());
  await new Promise<void>((resolve, reject) => first.once('connect', resolve).once('error', reject));
  return {
    post: (path, cookie, body) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket ??= connect();
        const text = JSON.stringify(body);
        socket.write(
          `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: application/json\r\nContent-Type: application/json\r\n` +
            `Content-Length: ${Buffer.byteLength(text)}\r\nCookie: ${cookie}\r\n\r\n${text}`,
        );
      }),
    close() {
      const open = socket;
      socket = null;
      open?.destroy();
    },
  };
}
