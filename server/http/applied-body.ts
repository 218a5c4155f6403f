/**
 * What a request sends, as far as it is applied: a program is told by name which field would be ignored, and
 * may send back what a GET answers. The buttons of one form lead to several addresses, so a form may hold
 * what one of them does not read.
 */
import type { Request } from 'express';
import { checkGate } from '../access/allow.js';
import { InvalidInput } from '../errors.js';
import type { makeCall } from './call.js';
import { knownBody } from './read-body.js';
import { readInput } from './read-input.js';
import type { RouteEntry } from './route.js';

/** @throws InvalidInput naming each field that would not be applied */
export async function appliedBody(
  entry: RouteEntry,
  entries: readonly RouteEntry[],
  call: ReturnType<typeof makeCall>,
  request: Request,
): Promise<unknown> {
  if (!request.is('application/json')) return request.body;
  const { body } = entry.options;
  if (body) return knownBody(body, bodyOf(entry, request), () => shownNow(entry, entries, call));
  refuseBody(request);
  return request.body;
}

/** What a GET answers of the thing that a PUT changes: at the same address, or as one item of the list above it. */
async function shownNow(
  changed: RouteEntry,
  entries: readonly RouteEntry[],
  call: ReturnType<typeof makeCall>,
): Promise<unknown> {
  const { path } = changed;
  const getAt = (address: string) =>
    entries.find((each) => each.method === 'get' && each.path === address && !each.options.answerType);
  const own = getAt(path);
  const list = own ? undefined : getAt(path.replace(/\/:id$/, ''));
  const entry = own ?? list;
  if (!entry) return null;
  checkGate(entry.options.who, call.maybeActor);
  const ask = async (query: object) => {
    const asked = Object.create(call, {
      wantsJson: { value: true },
      query: { value: entry.options.query ? readInput(entry.options.query, query) : {} },
    }) as never;
    const answer = await entry.handle(asked);
    return answer.kind === 'page' ? (answer.view as { items?: { id?: string }[]; pages?: number }) : null;
  };
  if (own) {
    const answer = await ask({});
    const { shownOf } = changed.options;
    return answer && shownOf ? shownOf(answer, call.body as Record<string, unknown>) : answer;
  }
  const { id } = call.params as { id?: string };
  for (let page = 1; page <= MAX_PAGES_SEARCHED; page += 1) {
    const found = await ask(entry.options.query ? { page, perPage: 200 } : {});
    const item = found?.items?.find((each) => each.id === id);
    if (item || !found || page >= (found.pages ?? 1)) return item ?? null;
  }
  return null;
}

/** Of a list in which one thing is looked for. */
const MAX_PAGES_SEARCHED = 50;

function bodyOf({ options }: RouteEntry, request: Request): unknown {
  const body: unknown = request.body;
  if (!options.fromAnswer || !request.is('application/json')) return body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  return options.fromAnswer(body as Record<string, unknown>);
}

/** A route that reads nothing is told nothing. */
function refuseBody(request: Request): void {
  const names = Object.keys((request.body ?? {}) as object);
  if (names.length === 0) return;
  throw new InvalidInput(names.map((field) => ({ field, message: 'common.problem.unknown-field' })));
}
