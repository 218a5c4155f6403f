/**
 * A proxy that really ends TLS in front of an app, as a deployment has one. A shared key takes the place of a
 * certificate.
 */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';

const psk = Buffer.from('a key that only these tests know!');
const identity = 'tests';
const tls = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;

export interface TlsProxy {
  /** One request over TLS. */
  send(
    method: string,
    path: string,
    options?: { body?: unknown; cookie?: string; accept?: string },
  ): Promise<{ status: number; cookies: string[]; text: string }>;
  close(): Promise<void>;
}

/** @param says whether it tells the app that the request came over https */
export async function tlsProxy(target: string, says: boolean): Promise<TlsProxy> {
  const server = https.createServer({ ...tls, pskCallback: () => psk }, (request, response) => {
    const headers = { ...request.headers, ...(says ? { 'x-forwarded-proto': 'https' } : {}) };
    const onwards = http.request(
      target + (request.url ?? ''),
      { method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onwards.on('error', () => response.destroy());
    request.pipe(onwards);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    send: (method, path, { body, cookie, accept = 'application/json' } = {}) =>
      new Promise((resolve, reject) => {
        const request = https.request(
          {
            ...tls,
            ...{ host: '127.0.0.1', port, method, path, agent: false, checkServerIdentity: () => undefined },
            pskCallback: () => ({ psk, identity }),
            headers: {
              Accept: accept,
              ...(cookie ? { Cookie: cookie } : {}),
              ...(body ? { 'Content-Type': 'application/json' } : {}),
            },
          } as https.RequestOptions,
          (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.on('error', reject);
            answer.on('end', () =>
              resolve({
                status: answer.statusCode ?? 0,
                cookies: answer.headers['set-cookie'] ?? [],
                text: Buffer.concat(parts).toString(),
              }),
            );
          },
        );
        request.on('error', reject);
        request.end(body ? JSON.stringify(body) : undefined);
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
