/** /openapi.json, made from the same zod schemas that read the requests. */
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { RoomRoutes, RouteEntry } from './route.js';

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  }),
});

/** The whole description as a plain object. */
export function describeApi(rooms: readonly RoomRoutes[], version: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: 'vitrine' });
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  for (const { room, entries } of rooms) for (const entry of entries) describeRoute(registry, room, entry);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Vitrine',
      version,
      description:
        'Every page of Vitrine answers JSON at the same address when asked with `Accept: application/json`. Dates are ISO 8601 in UTC.',
    },
  });
}

function describeRoute(registry: OpenAPIRegistry, room: string, { method, path, options }: RouteEntry): void {
  const body = options.body as z.ZodType | undefined;
  const error = (description: string) => ({
    description,
    content: { 'application/json': { schema: errorSchema } },
  });
  registry.registerPath({
    method,
    path: path.replace(/:(\w+)/g, '{$1}').replace(/\/\*(\w+)/g, '/{$1}'),
    summary: options.summary,
    tags: [room],
    security: options.who === 'anyone' ? [] : [{ session: [] }, { token: [] }],
    request: {
      ...(options.params instanceof z.ZodObject ? { params: options.params } : {}),
      ...(options.query instanceof z.ZodObject ? { query: options.query } : {}),
      ...(body
        ? {
            body: {
              content: options.files
                ? { 'multipart/form-data': { schema: body } }
                : {
                    'application/json': { schema: body },
                    'application/x-www-form-urlencoded': { schema: body },
                  },
            },
          }
        : {}),
    },
    responses: {
      [options.status ?? 200]: options.answerType
        ? {
            description: options.summary,
            content: { [options.answerType]: { schema: { type: 'string', format: 'binary' } } },
          }
        : {
            description: options.summary,
            content: { 'application/json': { schema: options.answer ?? z.looseObject({}) } },
          },
      ...(options.who === 'anyone' ? {} : { 401: error('Nobody is signed in'), 403: error('Not permitted') }),
      ...(options.params ? { 404: error('It does not exist, or it belongs to another school') } : {}),
      ...(options.body ? { 422: error('A field cannot be accepted; `fields` says which and why') } : {}),
    },
  });
}
