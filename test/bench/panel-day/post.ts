/** One POST of JSON on a kept connection, with as little beside it as HTTP allows: the clients share the machine with what they measure. */
import http from 'node:http';

export interface Answered {
  status: number;
  body: string;
}

export function post(agent: http.Agent, url: string, cookie: string, body: unknown): Promise<Answered> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = http.request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          accept: 'application/json',
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(text),
          cookie,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(text);
  });
}
