import { client } from './generated/client.gen';
import { Problem } from './problem';
import { session } from './session';

/** All calls go to the page's own server. The key goes in the X-Api-Key header. */
client.setConfig({
  baseUrl: '',
  auth: (scheme) => (scheme.type === 'apiKey' ? (session.key ?? undefined) : undefined),
  cache: 'no-store',
  credentials: 'omit',
});

export interface Answer<T> {
  value: T;
  /** The resource's version, to be sent back with a change. */
  etag: string | null;
  /** The id of the job that finishes the call; null when the call is done. */
  jobId: string | null;
}

/** The outcome of a generated call: data, an error, or no response. */
interface Outcome<T> {
  data?: T;
  error?: unknown;
  response?: Response;
}

export async function answerOf<T>(call: Promise<Outcome<T>>): Promise<Answer<NonNullable<T>>> {
  const { data, error, response } = await call;
  // fetch throws a TypeError when it can't reach the server.
  if (!response)
    throw error instanceof TypeError ? Problem.unreachable() : error;
  if (!response.ok)
    throw Problem.ofBody(error, response.status);
  return {
    value: data as NonNullable<T>,
    etag: response.headers.get('ETag'),
    jobId: response.status === 202 ? (response.headers.get('Location')?.split('/').pop() ?? null) : null,
  };
}

export async function valueOf<T>(call: Promise<Outcome<T>>): Promise<NonNullable<T>> {
  return (await answerOf(call)).value;
}

export async function done(call: Promise<Outcome<unknown>>): Promise<void> {
  await answerOf(call);
}

/** The server runs a POST with one Idempotency-Key once, so a retry has no second effect. */
export const idempotent = (): Record<string, string> => ({ 'Idempotency-Key': newKey() });

/** Browsers offer crypto.randomUUID on https and on localhost only. */
const newKey = (): string => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

/** The server refuses the change when the ETag is not the current one. */
export const onlyIf = (etag: string | null): Record<string, string> => (etag ? { 'If-Match': etag } : {});
