/** The calls that the page makes, through the client that is generated from docs/openapi.json. */
import { answerOf, done, idempotent, onlyIf, valueOf, type Answer } from './answer';
import * as sdk from './generated/sdk.gen';
import { Problem } from './problem';
import type * as t from './types';
import { upload } from './upload';

export interface Paging { cursor?: string; limit?: number }

/** Leaves out empty and undefined fields. */
function filled<T extends object>(query: T): T {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '' && value !== undefined)) as T;
}

// Engine

export const getEngine = (signal?: AbortSignal): Promise<t.Engine> => valueOf(sdk.getEngine({ signal }));

// Collections

export async function listCollections(signal?: AbortSignal): Promise<t.Collection[]> {
  const found: t.Collection[] = [];
  let cursor: string | undefined;
  do {
    const page = await valueOf(sdk.listCollections({ query: filled({ cursor, limit: 500 }), signal }));
    found.push(...page.collections);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return found;
}

export const createCollection = (name: string, profile: string): Promise<t.Collection> =>
  valueOf(sdk.createCollection({ body: { name, profile: profile || null }, headers: idempotent() }));

export const removeCollection = (collection: string): Promise<void> => done(sdk.removeCollection({ path: { collection } }));

export const exportCollection = (collection: string): Promise<Blob> =>
  valueOf(sdk.exportCollection({ path: { collection }, query: { pictures: true }, parseAs: 'blob' })) as Promise<Blob>;

// Search

export interface SearchOptions { k: number; tolerance: number; groupBy?: 'person' | undefined; person?: string[]; tag?: string[] }

export const searchCollection = (
  collection: string, file: Blob, query: SearchOptions, signal?: AbortSignal,
): Promise<t.SearchAnswer> =>
  valueOf(sdk.searchCollection({ path: { collection }, body: { file }, query: filled(query), signal }));

export const detectFaces = (
  file: Blob, quality: t.QualityLevel, profile: string | undefined, signal?: AbortSignal,
): Promise<t.DetectAnswer> =>
  valueOf(sdk.detectFaces({ body: { file }, query: filled({ quality, profile }), signal }));

// Faces

export interface EnrolOptions {
  faces?: 'main' | 'all'; targetBox?: string | undefined; quality?: t.QualityLevel; nearDuplicates?: t.NearDuplicates;
}
export interface FaceFields { person?: string; externalId?: string; tags?: string }

/** Personal data goes in the form: servers write the URL to their logs. */
export const enrolFaces = (collection: string, file: File, fields: FaceFields, query: EnrolOptions): Promise<t.EnrolAnswer> =>
  valueOf(sdk.enrolFaces({
    path: { collection }, body: { ...filled(fields), file }, query: filled(query), headers: idempotent(),
  }));

export interface FaceFilter extends Paging { person?: string; personId?: string; tag?: string; externalId?: string }

export const listFaces = (collection: string, query: FaceFilter, signal?: AbortSignal): Promise<t.FaceList> =>
  valueOf(sdk.listFaces({ path: { collection }, query: filled(query), signal }));

export const getFace = (collection: string, faceId: string, signal?: AbortSignal): Promise<Answer<t.Face>> =>
  answerOf(sdk.getFace({ path: { collection, faceId }, signal }));

export const changeFace = (
  collection: string, faceId: string, body: t.FaceChange, etag: string | null,
): Promise<Answer<t.ChangedFace>> =>
  answerOf(sdk.changeFace({ path: { collection, faceId }, body, headers: onlyIf(etag) }));

export const removeFace = (collection: string, faceId: string, etag: string | null): Promise<void> =>
  done(sdk.removeFace({ path: { collection, faceId }, headers: onlyIf(etag) }));

export const getFaceImage = (collection: string, faceId: string, signal?: AbortSignal): Promise<Blob> =>
  valueOf(sdk.getFaceImage({ path: { collection, faceId }, parseAs: 'blob', signal })) as Promise<Blob>;

export const getFaceCrop = (collection: string, faceId: string, size: number): Promise<Blob> =>
  valueOf(sdk.getFaceCrop({ path: { collection, faceId }, query: { size }, parseAs: 'blob' })) as Promise<Blob>;

// Persons

export const listPersons = (
  collection: string, query: Paging & { name?: string }, signal?: AbortSignal,
): Promise<t.PersonList> =>
  valueOf(sdk.listPersons({ path: { collection }, query: filled(query), signal }));

export const getPerson = (collection: string, personId: string, signal?: AbortSignal): Promise<Answer<t.Person>> =>
  answerOf(sdk.getPerson({ path: { collection, personId }, signal }));

export const renamePerson = (
  collection: string, personId: string, name: string, etag: string | null,
): Promise<Answer<t.ChangedPerson>> =>
  answerOf(sdk.renamePerson({ path: { collection, personId }, body: { name }, headers: onlyIf(etag) }));

export const mergePersons = (collection: string, personId: string, personIds: string[]): Promise<void> =>
  done(sdk.mergePersons({ path: { collection, personId }, body: { personIds }, headers: idempotent() }));

/** Waits for the erasure's job when the server answers before all is deleted. */
export async function erasePerson(collection: string, personId: string, etag: string | null): Promise<t.ErasureReceipt> {
  const { value, jobId } = await answerOf(sdk.erasePerson({ path: { collection, personId }, headers: onlyIf(etag) }));
  if (!jobId)
    return value;
  const job = await endOfJob(jobId);
  if (job.state !== 'succeeded')
    throw new Problem({ type: job.failureCode, title: 'The erasure stopped', detail: `${job.failure ?? ''} Retry job ${jobId}.` }, 503);
  return job.receipt!;
}

export const listExclusions = async (collection: string, personId: string, signal?: AbortSignal): Promise<t.Exclusion[]> =>
  (await valueOf(sdk.listExclusions({ path: { collection, personId }, query: { limit: 500 }, signal }))).exclusions;

export const excludeFace = (collection: string, personId: string, faceId: string): Promise<t.Exclusion> =>
  valueOf(sdk.excludeFace({ path: { collection, personId }, body: { faceId }, headers: idempotent() }));

export const removeExclusion = (collection: string, personId: string, faceId: string): Promise<void> =>
  done(sdk.removeExclusion({ path: { collection, personId, faceId } }));

// Jobs

/** Does not use the generated client, which can't report the progress of an upload. */
export const startJob = (
  collection: string, archive: Blob, onSent: (part: number) => void, signal?: AbortSignal,
): Promise<t.Job> =>
  upload(`/v1/collections/${encodeURIComponent(collection)}/jobs`, archive,
    { 'Content-Type': 'application/zip', ...idempotent() }, onSent, signal);

export const listJobs = (collection: string, query: Paging, signal?: AbortSignal): Promise<t.JobList> =>
  valueOf(sdk.listJobs({ query: filled({ ...query, collection }), signal }));

export const getJob = (id: string, signal?: AbortSignal): Promise<t.Job> => valueOf(sdk.getJob({ path: { jobId: id }, signal }));

/** Asks every second until the job has ended. */
async function endOfJob(id: string, signal?: AbortSignal): Promise<t.Job> {
  while (true) {
    const job = await getJob(id, signal);
    if (job.endedAt !== null)
      return job;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    signal?.throwIfAborted();
  }
}

export const listJobItems = (
  id: string, query: Paging & { outcome?: t.ItemOutcome | undefined }, signal?: AbortSignal,
): Promise<t.JobItemList> => valueOf(sdk.listJobItems({ path: { jobId: id }, query: filled(query), signal }));

export const cancelJob = (id: string): Promise<t.Job> => valueOf(sdk.cancelJob({ path: { jobId: id }, headers: idempotent() }));

export const retryJob = (id: string): Promise<t.Job> => valueOf(sdk.retryJob({ path: { jobId: id }, headers: idempotent() }));

// Calibration

/** Waits for the job when there is no result yet. */
export async function calibrateCollection(
  collection: string, falseMatchRate: number, signal: AbortSignal,
): Promise<t.Calibration> {
  while (true) {
    const { value, jobId } = await answerOf(sdk.calibrateCollection({ path: { collection }, query: { falseMatchRate }, signal }));
    if (!jobId)
      return value as t.Calibration;
    const job = await endOfJob(jobId, signal);
    if (job.state !== 'succeeded')
      throw new Problem({ type: job.failureCode, title: 'The calibration stopped', detail: job.failure ?? 'A client cancelled it.' }, 503);
  }
}

// Access

export const issueKey = async (body: t.NewKey): Promise<string> =>
  (await valueOf(sdk.issueKey({ body, headers: idempotent() }))).key.secret;

export const listKeys = (query: Paging, signal?: AbortSignal): Promise<t.KeyList> =>
  valueOf(sdk.listKeys({ query: filled(query), signal }));

export const revokeKey = (keyId: string): Promise<void> => done(sdk.revokeKey({ path: { keyId } }));

export const listAuditEntries = (
  query: Paging & { action?: string; collection?: string }, signal?: AbortSignal,
): Promise<t.AuditList> => valueOf(sdk.listAuditEntries({ query: filled(query), signal }));
