// Calls a real server with the generated client: node smoke.js URL FACES ZIP; the key is in FACESEARCH_KEY.
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  changeFace, connect, createCollection, detectFaces, enrolFaces, erasePerson, getCollection, getFace, getFaceCrop, getJob, issueKey,
  listCollections, listFaces, listJobItems, listPersons, removeCollection, revokeKey, searchByEmbedding, searchCollection, startJob, verifyFaces,
} from '../src/index.js';

const [url, faces, zip] = process.argv.slice(2) as [string, string, string];
const client = connect(url, process.env.FACESEARCH_KEY);
const staff = { collection: 'staff' };
const person = 'Ada Lovelace';
let passed = 0, failed = 0;

function check(name: string, expected: unknown, actual: unknown) {
  const [one, other] = [JSON.stringify(expected), JSON.stringify(actual)];
  if (one === other) passed++;
  else failed++;
  console.log(one === other ? `ok   ${name}` : `FAIL ${name}: expected ${one}, got ${other}`);
}

async function photograph(who: string, number: number): Promise<File> {
  const name = `${who}_${String(number).padStart(4, '0')}.jpg`;
  return new File([await openAsBlob(join(faces, 'lfw', who, name))], name, { type: 'image/jpeg' });
}

// Collections
const made = await createCollection({ client, body: { name: 'staff' } });
check('make a collection', 0, made.data?.faceCount);
check('list collections', true, (await listCollections({ client })).data?.collections.some((one) => one.name === 'staff'));

// Enrol
const enrol = async () => enrolFaces({
  client, path: staff, headers: { 'Idempotency-Key': 'enrol-1' },
  body: { file: await photograph('Ashanti', 1), person, externalId: 'first', tags: 'staff,london' },
});
const face = (await enrol()).data?.faces[0];
if (!face) throw new Error('Nothing was enrolled.');
check('enrol', [person, 'first', 'london,staff'], [face.person, face.externalId, face.tags.join()]);
check('enrol again with the same Idempotency-Key', face.faceId, (await enrol()).data?.faces[0]?.faceId);

const duplicate = await enrolFaces({ client, path: staff, body: { file: await photograph('Ashanti', 1) } });
check('a duplicate is refused', 'urn:facesearch:problem:duplicate-picture', duplicate.error?.type);
check('and names the face', face.faceId, duplicate.error?.faceId);
const invalid = await listFaces({ client, path: staff, query: { limit: 0 } });
check('a bad limit is named', ['limit'], Object.keys(invalid.error?.errors ?? {}));

// Search
const probe = await photograph('Ashanti', 2);
const found = await searchCollection({ client, path: staff, query: { k: 1, tolerance: 0.7, groupBy: 'person' }, body: { file: probe } });
check('search', face.faceId, found.data?.faces[0]?.matches[0]?.faceId);
check('by person', person, found.data?.faces[0]?.groups?.[0]?.person);
const detected = await detectFaces({ client, query: { embeddings: true }, body: { file: probe } });
const byEmbedding = await searchByEmbedding({
  client, path: staff, query: { k: 1, tolerance: 0.7 }, body: { embedding: detected.data?.faces[0]?.embedding ?? [], model: detected.data?.model },
});
check('search by embedding', face.faceId, byEmbedding.data?.matches[0]?.faceId);
const verified = await verifyFaces({ client, query: { tolerance: 0.7 }, body: { first: await photograph('Ashanti', 1), second: probe } });
check('verify', true, verified.data?.match);

// List, change, look
check('list faces', [face.faceId], (await listFaces({ client, path: staff, query: { tag: 'staff' } })).data?.faces.map((one) => one.faceId));
const at = { ...staff, faceId: face.faceId };
const changed = await changeFace({ client, path: at, headers: { 'If-Match': '*' }, body: { tags: ['paris'], externalId: null } });
check('change tags, take the external id away, leave the person', [person, null, ['paris']], [changed.data?.person, changed.data?.externalId, changed.data?.tags]);
const late = await changeFace({ client, path: at, headers: { 'If-Match': '"9999"' }, body: { tags: ['rome'] } });
check('an old version is refused', 412, late.response?.status);
const crop = await getFaceCrop({ client, path: at, query: { size: 64 } });
check('a crop is a JPEG', 'image/jpeg', crop.response?.headers.get('content-type'));

// A zip
let job = (await startJob({ client, path: staff, body: { file: await openAsBlob(zip, { type: 'application/zip' }) } })).data;
while (job && !job.endedAt) {
  await setTimeout(200);
  job = (await getJob({ client, path: { jobId: job.jobId } })).data;
}
check('a job', ['succeeded', 1], [job?.state, job?.failed]);
check('its failure', 'no-face', job?.failures[0]?.reason);
const items = await listJobItems({ client, path: { jobId: job?.jobId ?? '' }, query: { outcome: 'inserted', limit: 500 } });
check('its items', job?.inserted, items.data?.items.length);

// Page by page
const names: string[] = [];
let cursor: string | undefined;
do {
  const page = await listPersons({ client, path: staff, query: { cursor, limit: 1 } });
  names.push(...(page.data?.persons ?? []).map((one) => one.name));
  cursor = page.data?.nextCursor;
} while (cursor);
check('persons page by page', 'Ada Lovelace,Goran Persson,Halle Berry,Tony Shalhoub', names.join());

// Keys
const issued = await issueKey({ client, body: { name: 'door', scopes: ['search'], collections: ['staff'] } });
const door = connect(url, issued.data?.key.secret);
check('a key for searches only', 403, (await listFaces({ client: door, path: staff })).response?.status);
await revokeKey({ client, path: { keyId: issued.data?.key.keyId ?? '' } });

// Erase
const receipt = (await erasePerson({ client, path: { ...staff, personId: changed.data?.personId ?? '' } })).data;
check('erase a person', [1, 1], [receipt?.faceCount, receipt?.imageCount]);
check('who is gone', 404, (await getFace({ client, path: at })).response?.status);
await removeCollection({ client, path: staff });
check('a removed collection is gone', 404, (await getCollection({ client, path: staff })).response?.status);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
