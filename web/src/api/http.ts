import { session } from '../app/session';
import { addressOf, type Query } from './address';
import { Problem } from './problem';

export interface Call {
  query?: Query;
  /** Goes out as JSON. */
  json?: unknown;
  /** Goes out as it is: a picture, a zip, or a form with one. */
  body?: Blob | FormData;
  contentType?: string;
  /** The version that is about to be changed. */
  ifMatch?: string | null;
  /** A repeated POST with the same key is done once. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** 0 to 1, how much of the body is on its way. */
  onSent?: (part: number) => void;
}

export interface Answer<T> {
  value: T;
  /** The resource's version, to be sent back with a change. */
  etag: string | null;
}

function headersOf(call: Call, hasJson: boolean): Record<string, string> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json, */*' };
  if (session.key)
    headers['X-Api-Key'] = session.key;
  if (hasJson)
    headers['Content-Type'] = call.contentType ?? 'application/json';
  else if (call.body instanceof Blob)
    headers['Content-Type'] = call.contentType ?? call.body.type;
  if (call.ifMatch)
    headers['If-Match'] = call.ifMatch;
  if (call.idempotencyKey)
    headers['Idempotency-Key'] = call.idempotencyKey;
  return headers;
}

async function fetched(method: string, path: string, call: Call): Promise<Response> {
  const hasJson = call.json !== undefined;
  const response = await fetch(addressOf(path, call.query), {
    method,
    headers: headersOf(call, hasJson),
    body: hasJson ? JSON.stringify(call.json) : (call.body ?? null),
    signal: call.signal ?? null,
    cache: 'no-store',
    credentials: 'omit',
  });
  if (!response.ok)
    throw await Problem.of(response);
  return response;
}

export async function send<T>(method: string, path: string, call: Call = {}): Promise<Answer<T>> {
  if (call.onSent)
    return upload<T>(method, path, call, call.onSent);

  const response = await fetched(method, path, call);
  const text = await response.text();
  return { value: (text === '' ? undefined : JSON.parse(text)) as T, etag: response.headers.get('ETag') };
}

export async function get<T>(path: string, call: Call = {}): Promise<T> {
  return (await send<T>('GET', path, call)).value;
}

export async function post<T>(path: string, call: Call = {}): Promise<T> {
  return (await send<T>('POST', path, call)).value;
}

export async function blob(path: string, call: Call = {}): Promise<Blob> {
  return (await fetched('GET', path, call)).blob();
}

/** fetch tells nothing about how much of a large body has left; the older interface does. */
function upload<T>(method: string, path: string, call: Call, onSent: (part: number) => void): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, addressOf(path, call.query));
    for (const [header, value] of Object.entries(headersOf(call, false)))
      request.setRequestHeader(header, value);
    request.upload.onprogress = (event) => onSent(event.lengthComputable ? event.loaded / event.total : 0);
    request.onerror = () => reject(Problem.unreachable());
    request.onabort = () => reject(new DOMException('Aborted', 'AbortError'));
    request.onload = () =>
      request.status >= 200 && request.status < 300
        ? resolve({ value: JSON.parse(request.responseText) as T, etag: request.getResponseHeader('ETag') })
        : reject(Problem.ofText(request.responseText, request.status));
    call.signal?.addEventListener('abort', () => request.abort());
    request.send(call.body ?? null);
  });
}
