// Calls a real server with the client that Kiota generates: smoke.js URL FACES ZIP; the key is in FACESEARCH_KEY.
import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { ApiKeyAuthenticationProvider, ApiKeyLocation, MultipartBody } from '@microsoft/kiota-abstractions';
import { DefaultRequestAdapter } from '@microsoft/kiota-bundle';
import { createFaceSearchClient } from './Generated/faceSearchClient.js';
import type { ProblemResponse } from './Generated/models/index.js';

const [url, faces, zip] = process.argv.slice(2) as [string, string, string];
const ada = 'Ada Lovelace';
let passed = 0, failed = 0;

function connect(key: string) {
  const adapter = new DefaultRequestAdapter(new ApiKeyAuthenticationProvider(key, 'X-Api-Key', ApiKeyLocation.Header));
  adapter.baseUrl = url;
  return createFaceSearchClient(adapter);
}

function check(name: string, expected: unknown, actual: unknown) {
  const [one, other] = [JSON.stringify(expected), JSON.stringify(actual)];
  if (one === other) passed++;
  else failed++;
  console.log(one === other ? `ok   ${name}` : `FAIL ${name}: expected ${one}, got ${other}`);
}

const bytesOf = (file: string): ArrayBuffer => new Uint8Array(readFileSync(file)).buffer;

function photographs(...pictures: [field: string, person: string, number: number][]): MultipartBody {
  const body = new MultipartBody();
  for (const [field, person, number] of pictures) {
    const name = `${person}_${String(number).padStart(4, '0')}.jpg`;
    body.addOrReplacePart(field, 'image/jpeg', bytesOf(`${faces}/lfw/${person}/${name}`), undefined, name);
  }
  return body;
}
const photograph = (person: string, number: number) => photographs(['file', person, number]);

async function refusalOf(call: Promise<unknown>): Promise<ProblemResponse | null> {
  try {
    await call;
    return null;
  } catch (refused) {
    return refused as ProblemResponse;
  }
}

const client = connect(process.env.FACESEARCH_KEY!);

// Collections
check('make a collection', 0, (await client.v1.collections.post({ name: 'staff' }))?.faceCount);
const staff = client.v1.collections.byCollection('staff');
check('list collections', true, (await client.v1.collections.get())?.collections?.some((one) => one.name === 'staff'));

// Enrol
const enrolled = await staff.faces.post(photograph('Ashanti', 1), {
  queryParameters: { person: ada, tags: ['staff', 'london'] },
  headers: { 'Idempotency-Key': [randomUUID()] },
});
const face = enrolled!.faces![0]!;
check('enrol', [ada, ['london', 'staff']], [face.person, face.tags]);
const duplicate = await refusalOf(staff.faces.post(photograph('Ashanti', 1)));
check('a duplicate is refused', 'urn:facesearch:problem:duplicate-picture', duplicate?.type);
check('and names the face', face.faceId, duplicate?.faceId);
check('the first route adds too', true, !!(await client.add_face.post(photograph('Halle_Berry', 1)))?.face?.faceId);

// Search
const found = await staff.search.post(photograph('Ashanti', 2), { queryParameters: { k: 1, tolerance: 0.7, groupBy: 'person' } });
check('search', face.faceId, found?.faces?.[0]?.matches?.[0]?.faceId);
check('by person', ada, found?.faces?.[0]?.groups?.[0]?.person);
const verified = await client.v1.verify.post(
  photographs(['first', 'Ashanti', 1], ['second', 'Ashanti', 2]), { queryParameters: { tolerance: 0.7 } });
check('verify', true, verified?.match);

// Pictures, changes
const at = staff.faces.byFaceId(face.faceId!);
check('a picture is a JPEG', 0xff, new Uint8Array((await at.image.get())!)[0]);
check('a crop is a JPEG', 0xff, new Uint8Array((await at.crop.get({ queryParameters: { size: 64 } }))!)[0]);
const changed = await at.patch({ tags: ['paris'] }, { headers: { 'If-Match': ['*'] } });
check('change tags', [ada, ['paris']], [changed?.person, changed?.tags]);

// A zip
const archive = new MultipartBody();
archive.addOrReplacePart('file', 'application/zip', bytesOf(zip), undefined, 'faces.zip');
let job = await staff.jobs.post(archive);
while (!job?.endedAt) {
  await setTimeout(200);
  job = await client.v1.jobs.byJobId(job!.jobId!.toString()).get();
}
check('a zip', 'succeeded', job.state);
const items = await client.v1.jobs.byJobId(job.jobId!.toString()).items.get({ queryParameters: { outcome: 'failed' } });
check('the failed item says why', ['no-face'], items?.items?.map((item) => item.reason));

// Keys
const issued = await client.v1.keys.post({ name: 'door', scopes: ['search'] });
check('a key without the scope is refused', 'urn:facesearch:problem:forbidden', (await refusalOf(connect(issued!.key!.secret!).v1.keys.get()))?.type);

// Export, import
const copy = new MultipartBody();
copy.addOrReplacePart('file', 'application/zip', (await staff.exportEscaped.get())!, undefined, 'export.zip');
check('import', 'import', (await client.v1.collections.byCollection('copy').importEscaped.post(copy))?.kind);

// Remove
const receipt = await staff.persons.byPersonId(changed!.personId!).delete();
check('erase a person', [1, 1], [receipt?.faceCount, receipt?.imageCount]);
await staff.delete();
check('a removed collection is gone', 404, (await refusalOf(staff.get()))?.responseStatusCode);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
