/** A small HTTP client that keeps cookies like a browser and speaks JSON like a program. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; throws when it is not. */
  json<T = Record<string, never>>(): T;
  bytes: Buffer;
}

export interface SendOptions {
  headers?: Record<string, string>;
  /** `json` (default): asks for and sends JSON. `page`: asks for HTML and sends a form. */
  as?: 'json' | 'page';
}

export interface Client {
  readonly cookies: Map<string, string>;
  get(path: string, options?: SendOptions): Promise<Reply>;
  post(path: string, body?: unknown, options?: SendOptions): Promise<Reply>;
  put(path: string, body?: unknown, options?: SendOptions): Promise<Reply>;
  /** Any request; `body` FormData or Blob goes out as it is. Redirects are not followed. */
  send(method: string, path: string, body?: unknown, options?: SendOptions): Promise<Reply>;
}

export function visitorOf(url: string): Client {
  const cookies = new Map<string, string>();
  async function send(
    method: string,
    path: string,
    body?: unknown,
    options: SendOptions = {},
  ): Promise<Reply> {
    const page = options.as === 'page';
    const headers: Record<string, string> = {
      Accept: page ? 'text/html' : 'application/json',
      // Nothing on this way is short of bytes: packing and unpacking would take longer than many an answer.
      'Accept-Encoding': 'identity',
      ...options.headers,
    };
    if (cookies.size > 0)
      headers['Cookie'] = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url + path, {
      method,
      headers:
        body === undefined || isRaw(body)
          ? headers
          : { 'Content-Type': page ? 'application/x-www-form-urlencoded' : 'application/json', ...headers },
      redirect: 'manual',
      ...(body === undefined
        ? {}
        : {
            body: isRaw(body)
              ? (body as FormData)
              : page
                ? formOf(body as Record<string, unknown>)
                : JSON.stringify(body),
          }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name !== undefined && value !== undefined) cookies.set(name, value);
    }
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    return {
      status: response.status,
      headers: response.headers,
      text,
      bytes,
      json: <T>() => JSON.parse(text) as T,
    };
  }
  return {
    cookies,
    send,
    get: (path, options) => send('GET', path, undefined, options),
    post: (path, body = {}, options) => send('POST', path, body, options),
    put: (path, body = {}, options) => send('PUT', path, body, options),
  };
}

const isRaw = (body: unknown): boolean =>
  body instanceof FormData ||
  body instanceof Blob ||
  body instanceof URLSearchParams ||
  body instanceof Uint8Array;

function formOf(fields: Record<string, unknown>): URLSearchParams {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const each of Array.isArray(value) ? value : [value]) form.append(name, String(each));
  }
  return form;
}
