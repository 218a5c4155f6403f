/**
 * Acts as people do who have just read what they change: whatever an act must say of it is read first, unless
 * the test says it.
 */
import type { Client, Reply } from '../client.js';

type Fields = Record<string, unknown>;
interface Seat {
  id: string;
  chair: boolean;
  seen: string | null;
  askedAt: string | null;
}
interface Shown extends Fields {
  slots?: { id: string; seats: { id: string }[] }[];
  seats?: Seat[];
  rooms?: { room: string; seen: string | null }[];
  schedule?: Fields | null;
}

/** @param dayPath of the exhibition on whose panels the seats are */
export function seeing(client: Client, dayPath: string): Client {
  const read = async (path: string): Promise<Shown | null> => {
    const reply = await client.get(path);
    return reply.status === 200 ? reply.json<Shown>() : null;
  };
  const seat = async (id: string): Promise<Seat | null> => {
    const slot = (await read(dayPath))?.slots?.find(({ seats }) => seats.some((each) => each.id === id));
    return (slot && (await read(`/slots/${slot.id}`))?.seats?.find((each) => each.id === id)) ?? null;
  };
  const seenAt: [RegExp, (id: string, room: string) => Promise<Fields | null | undefined>][] = [
    [/^(?:PUT|POST) \/slots\/([^/]+)$/, async (id) => only(await read(`/slots/${id}`), 'revision')],
    [
      /^POST \/slots\/([^/]+)\/seats$/,
      async (id) => ({
        chairNow: (await read(`/slots/${id}`))?.seats?.find((each) => each.chair)?.id ?? '',
      }),
    ],
    [/^POST \/slots\/([^/]+)\/remove$/, async (id) => only(await read(`/slots/${id}`), 'revision')],
    [/^POST \/seats\/([^/]+)\/remove$/, async (id) => only(await seat(id), 'seen')],
    [/^POST \/seats\/([^/]+)\/admit$/, async (id) => only(await seat(id), 'askedAt')],
    [/^(?:PUT|POST) \/exhibitions\/([^/]+)$/, async (id) => only(await read(`/exhibitions/${id}`), 'seen')],
    [
      /^(?:PUT|POST) \/exhibitions\/([^/]+)\/bar$/,
      async (id) => only(await read(`/exhibitions/${id}/bar`), 'seen'),
    ],
    [
      /^(?:PUT|POST) \/exhibitions\/([^/]+)\/schedule$/,
      async (id) => only((await read(`/exhibitions/${id}/schedule`))?.schedule, 'seen'),
    ],
    [
      /^POST \/exhibitions\/([^/]+)\/rooms\/([^/]+)\/late$/,
      async (id, room) => {
        const rooms = (await read(`/exhibitions/${id}/rooms`))?.rooms;
        const name = decodeURIComponent(room).toLowerCase();
        return only(
          rooms?.find((each) => each.room.toLowerCase() === name),
          'seen',
        );
      },
    ],
  ];
  const seen = async (act: string, body: unknown): Promise<unknown> => {
    for (const [address, find] of seenAt) {
      const [, id, room] = address.exec(act) ?? [];
      if (id) return { ...(await find(id, room ?? '')), ...(body as Fields | undefined) };
    }
    return body;
  };
  return {
    ...client,
    put: async (path, body, options) => client.put(path, await seen(`PUT ${path}`, body), options),
    async post(path, body, options): Promise<Reply> {
      const said = await seen(`POST ${path}`, body);
      const reply = await client.post(path, said, options);
      // Whoever opens it has read who presents without a portfolio.
      const asks = /^\/exhibitions\/[^/]+\/open$/.test(path) && reply.status === 409;
      const { seen: list } = asks ? reply.json<{ error: { seen?: string } }>().error : {};
      return list ? client.post(path, { ...(said as Fields), withoutPortfolio: true, seen: list }) : reply;
    },
  };
}

const only = (shown: object | null | undefined, field: string): Fields =>
  shown && field in shown ? { [field]: (shown as Fields)[field] } : {};
