/**
 * Ends requests whose body does not arrive. What counts is progress, not length: an upload over a bad line
 * may take hours, and one of which nothing comes any more holds a connection, a temporary file and a place
 * for nothing. Caps how many a part of the network sends at once.
 */
import type { Request, RequestHandler, Response } from 'express';
import { subnetOf } from '../access/subnet.js';
import { AppError, TooMany } from '../errors.js';

/** Less than this in one interval is no progress. */
const MIN_BYTES_PER_INTERVAL = 1024;
/** Two classes that upload at once, with twenty files each on their way. */
const MAX_BODIES_PER_SUBNET = 1200;
const retrySeconds = 10;

/**
 * @param seconds length of an interval
 * @param refuse writes the answer of a request that is ended
 */
export function endSlowBodies(
  seconds: number,
  refuse: (error: AppError, request: Request, response: Response) => void,
): RequestHandler {
  const underWay = new Map<string, number>();
  return (request, response, next) => {
    if (!hasBody(request)) {
      next();
      return;
    }
    const subnet = subnetOf(request.ip ?? '');
    const others = underWay.get(subnet) ?? 0;
    if (others >= MAX_BODIES_PER_SUBNET) {
      response.set('Connection', 'close');
      next(new TooMany(retrySeconds, 'common.problem.too-many-uploads'));
      return;
    }
    underWay.set(subnet, others + 1);
    let before = request.socket.bytesRead;
    const look = setInterval(() => {
      const now = request.socket.bytesRead;
      const progress = now - before;
      before = now;
      if (progress >= MIN_BYTES_PER_INTERVAL || !waitsForBytes(request)) return;
      stop();
      end();
    }, seconds * 1000);
    look.unref();
    let stopped = false;
    const stop = () => {
      if (stopped) return;
      stopped = true;
      clearInterval(look);
      const left = (underWay.get(subnet) ?? 1) - 1;
      if (left > 0) underWay.set(subnet, left);
      else underWay.delete(subnet);
    };
    const end = () => {
      if (!response.headersSent) {
        response.set('Connection', 'close');
        refuse(new AppError(408, 'too-slow', 'common.problem.too-slow'), request, response);
      }
      // The answer goes out before the connection is cut.
      setTimeout(() => request.destroy(), 100).unref();
    };
    request.once('end', stop);
    request.once('close', stop);
    response.once('close', stop);
    next();
  };
}

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** The client is to blame only while we would take more: not while the disk or a queue of ours is slow. */
const waitsForBytes = (request: Request): boolean =>
  !request.complete && request.readableLength === 0 && !request.isPaused();
