/**
 * Refuses what would be dropped in silence: a field that is sent and that the route does not know is an
 * error. What a GET of the same thing answers may be sent back as it is: fields that cannot be changed there
 * are accepted while they say what is so already.
 */
import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { InvalidInput, type FieldProblem } from '../errors.js';

type Fields = Record<string, unknown>;
interface Definition {
  type: string;
  shape?: Record<string, z.ZodType>;
  catchall?: z.ZodType;
  element?: z.ZodType;
  innerType?: z.ZodType;
  in?: z.ZodType;
  out?: z.ZodType;
  options?: z.ZodType[];
  transform?: (value: unknown, payload: { value: unknown; issues: unknown[] }) => unknown;
  left?: z.ZodType;
  right?: z.ZodType;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Paths (`entries.2.colour`) of what the schema says nothing about. */
export function unknownFields(schema: z.ZodType, value: unknown, path = ''): string[] {
  const definition = schema._zod.def as unknown as Definition;
  const below = (name: string | number): string => (path ? `${path}.${name}` : String(name));
  switch (definition.type) {
    case 'object': {
      if (!isFields(value)) return [];
      const shape = definition.shape ?? {};
      const isOpen = definition.catchall !== undefined && definition.catchall._zod.def.type !== 'never';
      return Object.entries(value).flatMap(([name, inner]) => {
        const known = Object.hasOwn(shape, name) ? shape[name] : undefined;
        if (known) return unknownFields(known, inner, below(name));
        return isOpen ? [] : [below(name)];
      });
    }
    case 'array':
      return Array.isArray(value) && definition.element
        ? value.flatMap((each, at) => unknownFields(definition.element!, each, below(at)))
        : [];
    case 'pipe': {
      const read = prepared(schema, value);
      return unknownFields(read.schema === schema ? definition.in! : read.schema, read.value, path);
    }
    case 'union':
      return inAll((definition.options ?? []).map((option) => unknownFields(option, value, path)));
    case 'intersection':
      return inAll([definition.left!, definition.right!].map((side) => unknownFields(side, value, path)));
    default:
      return definition.innerType ? unknownFields(definition.innerType, value, path) : [];
  }
}

/**
 * What `z.preprocess` makes of a value before the schema behind it reads it: `entries[0][words]` of a form
 * becomes a list.
 */
function prepared(schema: z.ZodType, value: unknown): { schema: z.ZodType; value: unknown } {
  const { type, in: first, out } = schema._zod.def as unknown as Definition;
  const transform = (first?._zod.def as unknown as Definition | undefined)?.transform;
  if (type !== 'pipe' || !transform || !out) return { schema, value };
  return prepared(out, transform(value, { value, issues: [] }));
}

const inAll = (lists: string[][]): string[] =>
  (lists[0] ?? []).filter((each) => lists.every((list) => list.includes(each)));

/**
 * The body as its schema reads it.
 * @param shown what a GET of the same thing answers now; asked only when something unknown was sent
 * @throws InvalidInput naming each field that would not be applied
 */
export async function knownBody(
  whole: z.ZodType,
  sent: unknown,
  shown: () => Promise<unknown>,
): Promise<unknown> {
  const { schema, value: body } = prepared(whole, sent);
  if (!isFields(body) || unknownFields(schema, body).length === 0) return sent;
  const answer = JSON.parse(JSON.stringify((await shown()) ?? {})) as unknown;
  const now = isFields(answer) ? answer : {};
  const known = lifted(schema, body, now);
  const problems: FieldProblem[] = [];
  const applied = structuredClone(known.body);
  for (const field of unknownFields(schema, known.body)) {
    const { name, body: own, now: same } = holderOf(known.body, known.now, field);
    if (!same || !Object.hasOwn(same, name))
      problems.push({ field, message: 'common.problem.unknown-field' });
    else if (isDeepStrictEqual(same[name], own[name]))
      Reflect.deleteProperty(holderOf(applied, {}, field).body, name);
    else problems.push({ field, message: 'common.problem.read-only-field' });
  }
  if (problems.length > 0) throw new InvalidInput(problems);
  return applied;
}

/**
 * The innermost object that holds a field, and the one that is shown in its place; items of a list are known
 * by their id.
 */
function holderOf(body: Fields, shown: Fields, field: string): { body: Fields; now?: Fields; name: string } {
  const path = field.split('.');
  const name = path.pop()!;
  let [inner, now]: [unknown, unknown] = [body, shown];
  for (const step of path) {
    const next = (inner as Fields)[step];
    if (Array.isArray(inner)) {
      const { id } = next as { id?: unknown };
      const list: unknown[] = Array.isArray(now) ? now : [];
      now = list.find(
        (each, at) => isFields(each) && (id === undefined ? at === Number(step) : each['id'] === id),
      );
    } else now = isFields(now) ? now[step] : undefined;
    inner = next;
  }
  return { body: inner as Fields, name, ...(isFields(now) ? { now } : {}) };
}

/** `{ person: { givenName … } }`, as a GET answers, is the same as its fields alone. */
function lifted(schema: z.ZodType, body: Fields, now: Fields): { body: Fields; now: Fields } {
  for (const [name, inner] of Object.entries(now)) {
    if (!isFields(inner)) continue;
    const rest = Object.fromEntries(Object.entries(body).filter(([other]) => other !== name));
    const wrapped = body[name];
    const knows = unknownFields(schema, inner).length < Object.keys(inner).length;
    if (!knows || !unknownFields(schema, { [name]: inner }).includes(name)) continue;
    const others = Object.fromEntries(Object.entries(now).filter(([other]) => other !== name));
    const next = { ...others, ...inner };
    return lifted(schema, isFields(wrapped) ? { ...rest, ...wrapped } : rest, next);
  }
  return { body, now };
}
