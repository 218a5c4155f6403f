/** One middleware as a promise. */
import type { Request, RequestHandler, Response } from 'express';

export function run(handler: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void handler(request, response, (error?: unknown) => {
      if (error instanceof Error) reject(error);
      else if (error) reject(new Error(String(error)));
      else resolve();
    });
  });
}
