/** /openapi.json, made from the same zod schemas that read the requests. */
import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { FileField, FeatureRoutes, RouteEntry } from './route.js';

type Document = ReturnType<OpenApiGeneratorV31['generateDocument']>;

const errorSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fields: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    changes: z
      .array(
        z.object({
          ...{ what: z.string(), criterionId: z.string().nullable(), who: z.string().nullable() },
          ...{ at: z.string().nullable(), words: z.string() },
        }),
      )
      .optional()
      .describe('With 409 `stale`: what has come since, the latest last.'),
    warnings: z
      .array(z.object({ kind: z.string(), words: z.string(), href: z.string() }))
      .optional()
      .describe('With 409 `unconfirmed`: what to look at before it is sent again with `confirmed`.'),
  }),
});

/** The whole description as a plain object. */
export function describeApi(features: readonly FeatureRoutes[], version: string): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: 'vitrine',
    description: 'Over https its name is __Host-vitrine.',
  });
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  for (const { feature, entries } of features)
    for (const entry of entries) describeRoute(registry, feature, entry);
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Vitrine',
      version,
      description:
        'Every page of Vitrine answers JSON at the same address when asked with `Accept: application/json`. Dates are ISO 8601 in UTC.',
    },
  });
  for (const { entries } of features) for (const entry of entries) describeFiles(document, entry);
  return document;
}

const openPath = (path: string): string => path.replace(/:(\w+)/g, '{$1}').replace(/\/\*(\w+)/g, '/{$1}');

/** Files are read by multer and not by zod, so they are written beside the fields that zod has described. */
function describeFiles(document: Document, { method, path, options }: RouteEntry): void {
  const content = document.paths?.[openPath(path)]?.[method]?.requestBody;
  const schema = content && 'content' in content ? content.content['multipart/form-data']?.schema : undefined;
  if (!options.fileFields || !schema || '$ref' in schema) return;
  schema.properties = {
    ...Object.fromEntries(Object.entries(options.fileFields).map(([name, field]) => [name, binary(field)])),
    ...schema.properties,
  };
}

function binary({ takes, several }: FileField) {
  const one = { type: 'string' as const, format: 'binary' };
  return several
    ? { type: 'array' as const, items: one, description: takes }
    : { ...one, description: takes };
}

/** A route without files reads JSON and forms; one with files reads multipart too, for what comes with them. */
function requestContent({ options }: RouteEntry): Record<string, { schema: z.ZodType }> {
  const body = options.body;
  return {
    ...(options.files ? { 'multipart/form-data': { schema: body ?? z.object({}) } } : {}),
    ...(body
      ? { 'application/json': { schema: body }, 'application/x-www-form-urlencoded': { schema: body } }
      : {}),
  };
}

function describeRoute(registry: OpenAPIRegistry, feature: string, entry: RouteEntry): void {
  const { method, path, options } = entry;
  const content = requestContent(entry);
  const error = (description: string) => ({
    description,
    content: { 'application/json': { schema: errorSchema } },
  });
  registry.registerPath({
    method,
    path: openPath(path),
    summary: options.summary,
    tags: [feature],
    security: options.who === 'anyone' ? [] : [{ session: [] }, { token: [] }],
    request: {
      ...(options.params instanceof z.ZodObject ? { params: options.params } : {}),
      ...(options.query instanceof z.ZodObject ? { query: options.query } : {}),
      ...(Object.keys(content).length > 0 ? { body: { content } } : {}),
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
