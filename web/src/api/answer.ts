import { session } from '../app/session';
import { client } from './generated/client.gen';
import { Problem } from './problem';

/** Everything goes to the server that the page came from, with the key in the one header of the two that are offered. */
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
}

/** What a generated call comes to: an answer, a refusal, or no response at all. */
interface Outcome<T> {
  data?: T;
  error?: unknown;
  response?: Response;
}

export async function answerOf<T>(call: Promise<Outcome<T>>): Promise<Answer<NonNullable<T>>> {
  const { data, error, response } = await call;
  // fetch tells with a TypeError that nobody answers.
  if (!response)
    throw error instanceof TypeError ? Problem.unreachable() : error;
  if (!response.ok)
    throw Problem.ofBody(error, response.status);
  return { value: data as NonNullable<T>, etag: response.headers.get('ETag') };
}

export async function valueOf<T>(call: Promise<Outcome<T>>): Promise<NonNullable<T>> {
  return (await answerOf(call)).value;
}

export async function done(call: Promise<Outcome<unknown>>): Promise<void> {
  await answerOf(call);
}

/** A POST that is sent twice with one key is done once: a click that a shaky network repeats. */
export const idempotent = (): Record<string, string> => ({ 'Idempotency-Key': newKey() });

/** Browsers have the better source on https and on this machine only. */
const newKey = (): string => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

/** A change is made only to the version that was seen. */
export const onlyIf = (etag: string | null): Record<string, string> => (etag ? { 'If-Match': etag } : {});
