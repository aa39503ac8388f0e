// Drives a real server through the generated client: node smoke.js URL FACES ZIP; the key is in FACESEARCH_KEY.
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { addFace, connect, searchFaces } from '../src/index.js';

const [url, faces] = process.argv.slice(2) as [string, string, string];
const client = connect(url, process.env.FACESEARCH_KEY);
let passed = 0, failed = 0;

function check(name: string, expected: unknown, actual: unknown) {
  if (expected === actual) passed++;
  else failed++;
  console.log(expected === actual ? `ok   ${name}` : `FAIL ${name}: expected '${expected}', got '${actual}'`);
}

async function photograph(person: string, number: number): Promise<File> {
  const name = `${person}_${String(number).padStart(4, '0')}.jpg`;
  return new File([await openAsBlob(join(faces, 'lfw', person, name))], name, { type: 'image/jpeg' });
}

const added = await addFace({ client, body: { file: await photograph('Ashanti', 1) } });
check('enrol', 'Ashanti', added.data?.face.person);

const found = await searchFaces({ client, query: { k: 1, tolerance: 0.7 }, body: { file: await photograph('Ashanti', 2) } });
check('search', added.data?.face.faceId, found.data?.faces[0]?.matches[0]?.faceId);

const again = await addFace({ client, body: { file: await photograph('Ashanti', 1) } });
check('a problem', 'urn:facesearch:problem:duplicate-picture', again.error?.type);
check('its facts', added.data?.face.faceId, again.error?.faceId);

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
