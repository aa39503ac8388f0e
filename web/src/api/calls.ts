/** One function a call of the API; the names are its operation ids. */
import { blob, get, post, send, type Answer } from './http';
import type * as t from './types';

export interface Paging { cursor?: string; limit?: number }

const of = (collection: string, rest = ''): string => `/v1/collections/${encodeURIComponent(collection)}${rest}`;
const faceOf = (collection: string, faceId: string): string => of(collection, `/faces/${encodeURIComponent(faceId)}`);
const personOf = (collection: string, id: string): string => of(collection, `/persons/${encodeURIComponent(id)}`);
const jobOf = (jobId: string): string => `/v1/jobs/${encodeURIComponent(jobId)}`;
const newKey = (): string => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;

/** Browsers name a picture's type by its file name; the server looks into it, so any image type will do. */
const picture = (file: Blob): { body: Blob; contentType: string } =>
  ({ body: file, contentType: file.type.startsWith('image/') ? file.type : 'image/jpeg' });

// Collections

export async function listCollections(signal?: AbortSignal): Promise<t.Collection[]> {
  const found: t.Collection[] = [];
  let cursor: string | undefined;
  do {
    const page = await get<{ collections: t.Collection[]; nextCursor?: string }>(
      '/v1/collections', { query: { cursor, limit: 500 }, signal });
    found.push(...page.collections);
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}

export const createCollection = (name: string, profile: string): Promise<t.Collection> =>
  post('/v1/collections', { json: { name, profile: profile || null }, idempotencyKey: newKey() });

export const removeCollection = async (name: string): Promise<void> => void (await send('DELETE', of(name)));

export const exportCollection = (name: string): Promise<Blob> => blob(of(name, '/export'), { query: { pictures: true } });

// Search

export interface SearchOptions {
  k: number; tolerance: number; groupBy?: 'person' | undefined; person?: string[]; tag?: string[]; signal?: AbortSignal;
}

export const searchCollection = (collection: string, file: Blob, options: SearchOptions): Promise<t.SearchAnswer> => {
  const { signal, ...query } = options;
  return post(of(collection, '/search'), { ...picture(file), query, signal });
};

export const detectFaces = (
  file: Blob, quality: string, profile: string | undefined, signal?: AbortSignal,
): Promise<t.DetectAnswer> =>
  post('/v1/detect', { ...picture(file), query: { quality, profile }, signal });

// Faces

export interface EnrolOptions {
  faces?: string; targetBox?: string; quality?: string; nearDuplicates?: string; person?: string; externalId?: string;
  tags?: string[];
}

/** What names somebody goes in the form and not in the address, which servers write to their logs. */
export const enrolFaces = (collection: string, file: File, options: EnrolOptions): Promise<t.EnrolAnswer> => {
  const { person, externalId, tags, ...query } = options;
  const form = new FormData();
  for (const [field, value] of Object.entries({ person, externalId, tags: tags?.join(',') })) {
    if (value)
      form.append(field, value);
  }
  form.append('file', file, file.name);
  return post(of(collection, '/faces'), { query, body: form, idempotencyKey: newKey() });
};

export interface FaceFilter extends Paging { person?: string; tag?: string; externalId?: string }

export const listFaces = (collection: string, filter: FaceFilter, signal?: AbortSignal): Promise<t.FaceList> =>
  get(of(collection, '/faces'), { query: { ...filter }, signal });

export const getFace = (collection: string, faceId: string, signal?: AbortSignal): Promise<Answer<t.Face>> =>
  send('GET', faceOf(collection, faceId), { signal });

export interface FaceChange { person?: string | null; externalId?: string | null; tags?: string[] }

export const changeFace = (
  collection: string, faceId: string, change: FaceChange, ifMatch: string | null,
): Promise<Answer<t.Face>> =>
  send('PATCH', faceOf(collection, faceId), { json: change, contentType: 'application/merge-patch+json', ifMatch });

export const removeFace = async (collection: string, faceId: string, ifMatch: string | null): Promise<void> =>
  void (await send('DELETE', faceOf(collection, faceId), { ifMatch }));

export const getFaceImage = (collection: string, faceId: string, signal?: AbortSignal): Promise<Blob> =>
  blob(`${faceOf(collection, faceId)}/image`, { signal });

export const getFaceCrop = (collection: string, faceId: string, size: number, signal?: AbortSignal): Promise<Blob> =>
  blob(`${faceOf(collection, faceId)}/crop`, { query: { size }, signal });

// Persons

export const listPersons = (
  collection: string, filter: Paging & { name?: string }, signal?: AbortSignal,
): Promise<t.PersonList> => get(of(collection, '/persons'), { query: { ...filter }, signal });

export const getPerson = (collection: string, id: string, signal?: AbortSignal): Promise<Answer<t.Person>> =>
  send('GET', personOf(collection, id), { signal });

export const renamePerson = (
  collection: string, id: string, name: string, ifMatch: string | null,
): Promise<Answer<t.Person>> =>
  send('PATCH', personOf(collection, id), { json: { name }, contentType: 'application/merge-patch+json', ifMatch });

export const mergePersons = (collection: string, into: string, personIds: string[]): Promise<t.Person> =>
  post(`${personOf(collection, into)}/merge`, { json: { personIds }, idempotencyKey: newKey() });

export const erasePerson = async (collection: string, id: string, ifMatch: string | null): Promise<t.ErasureReceipt> =>
  (await send<t.ErasureReceipt>('DELETE', personOf(collection, id), { ifMatch })).value;

export const listExclusions = async (collection: string, id: string, signal?: AbortSignal): Promise<t.Exclusion[]> =>
  (await get<{ exclusions: t.Exclusion[] }>(`${personOf(collection, id)}/exclusions`, { query: { limit: 500 }, signal })).exclusions;

export const excludeFace = (collection: string, id: string, faceId: string): Promise<t.Exclusion> =>
  post(`${personOf(collection, id)}/exclusions`, { json: { faceId }, idempotencyKey: newKey() });

export const removeExclusion = async (collection: string, id: string, faceId: string): Promise<void> =>
  void (await send('DELETE', `${personOf(collection, id)}/exclusions/${encodeURIComponent(faceId)}`));

// Jobs

export const startJob = (
  collection: string, archive: Blob, onSent: (part: number) => void, signal?: AbortSignal,
): Promise<t.Job> =>
  post(of(collection, '/jobs'), { body: archive, contentType: 'application/zip', idempotencyKey: newKey(), onSent, signal });

export const listJobs = (collection: string, paging: Paging, signal?: AbortSignal): Promise<t.JobList> =>
  get('/v1/jobs', { query: { ...paging, collection }, signal });

export const getJob = (jobId: string, signal?: AbortSignal): Promise<t.Job> => get(jobOf(jobId), { signal });

export const listJobItems = (
  jobId: string, query: Paging & { outcome?: string }, signal?: AbortSignal,
): Promise<t.JobItemList> => get(`${jobOf(jobId)}/items`, { query: { ...query }, signal });

export const cancelJob = (jobId: string): Promise<t.Job> => post(`${jobOf(jobId)}/cancel`, { idempotencyKey: newKey() });

export const retryJob = (jobId: string): Promise<t.Job> => post(`${jobOf(jobId)}/retry`, { idempotencyKey: newKey() });

// Calibration

export const calibrateCollection = (
  collection: string, falseAcceptRate: number, signal?: AbortSignal,
): Promise<t.Calibration> => post(of(collection, '/calibration'), { query: { falseAcceptRate }, signal });

// Access

export interface NewKey { name: string; scopes: string[]; collections: string[] | null; expiresAt: string | null }

export const issueKey = (key: NewKey): Promise<{ key: t.Key & { secret: string } }> =>
  post('/v1/keys', { json: key, idempotencyKey: newKey() });

export const listKeys = (paging: Paging, signal?: AbortSignal): Promise<t.KeyList> =>
  get('/v1/keys', { query: { ...paging }, signal });

export const revokeKey = async (keyId: string): Promise<void> =>
  void (await send('DELETE', `/v1/keys/${encodeURIComponent(keyId)}`));

export const listAuditEntries = (
  filter: Paging & { action?: string; collection?: string }, signal?: AbortSignal,
): Promise<t.AuditList> => get('/v1/audit', { query: { ...filter }, signal });
