/** Acts on results as people do: after reading what they act on. */
import { randomUUID } from 'node:crypto';
import type { Client, Reply, SendOptions } from '../client.js';

/** What this person sees of the result now; left out where they see none. */
export async function seenState(
  client: Client,
  slotId: string,
  page = 'result',
): Promise<{ state?: string }> {
  const reply = await client.get(`/slots/${slotId}/${page}`);
  const state = reply.status === 200 ? reply.json<{ state: string | null }>().state : null;
  return state === null ? {} : { state };
}

/** Reads the result, confirms what is asked about first, and publishes it. */
export const publishSlot = async (
  client: Client,
  slotId: string,
  body: object = {},
  options?: SendOptions,
): Promise<Reply> =>
  client.post(
    `/slots/${slotId}/result/publish`,
    { ...(await seenState(client, slotId)), confirmed: true, ...body },
    options,
  );

/** Reads the panel's talk and records a decision on one of its rows. */
export const decideOn = async (client: Client, slotId: string, decision: object): Promise<Reply> =>
  client.post(`/slots/${slotId}/decisions`, {
    ...(await seenState(client, slotId, 'reveal')),
    reason: 'We agreed after talking',
    ...decision,
  });

/** Reads the panel's talk and revises a row of an own sheet. */
export const reviseOn = async (
  client: Client,
  { slotId, seatId }: { slotId: string; seatId: string },
  change: object,
): Promise<Reply> =>
  client.post(`/seats/${seatId}/sheet/revisions`, {
    ...(await seenState(client, slotId, 'reveal')),
    id: randomUUID(),
    reason: 'I heard the answer again',
    ...change,
  });
