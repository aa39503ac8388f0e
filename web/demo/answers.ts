import type { Page, Route } from 'playwright-core';
import { boxOf, group, people, portrait } from './drawings';

/** Made-up answers about the drawn people, for screenshots and for a look at the page without a server. */

const takes = 6;
const faceId = (person: number, take: number): string => String(person * takes + take + 1);
const at = '2026-11-20T09:30:00Z';

const faces = people.flatMap((person, index) => Array.from({ length: takes }, (_, take) => ({
  faceId: faceId(index, take), imageId: faceId(index, take), collection: 'default', person: person.name,
  personId: String(index + 1), externalId: take === 0 ? `staff-${100 + index}` : null, tags: take < 3 ? ['staff'] : [],
  box: { x: 30, y: 30, width: 100, height: 110 }, score: 0.97,
  quality: { size: 112, sharpness: 62.4, brightness: 0.52, yaw: 4, pitch: -2, roll: 1 }, model: 'mobilefacenet-v1',
  pictureNumber: take + 1, addedAt: at,
})));

const persons = people.map((person, index) => (
  { personId: String(index + 1), name: person.name, faceCount: takes, sampleFaceId: faceId(index, 0) }));

/** The matches with made-up distances, nearest first. */
function matchesOf(person: number | null) {
  return faces
    .map((face, index) => {
      const other = Math.floor(index / takes);
      const jitter = ((index * 37) % 23) / 100;
      return { face, distance: other === person ? 0.28 + jitter : 0.86 + ((index * 53) % 31) / 100 };
    })
    .sort((a, b) => a.distance - b.distance)
    .map(({ face, distance }, index) => ({ ...face, rank: index + 1, distance: Number(distance.toFixed(3)) }));
}

const searched = () => ({
  image: { width: group.width, height: group.height, orientationApplied: false }, collection: 'default',
  model: 'mobilefacenet-v1', k: 50, tolerance: 1.2,
  faces: group.faces.map((face, index) => ({ box: boxOf(face), score: 0.98, main: index === 0, matches: matchesOf(index === 3 ? null : face.person) })),
});

const bell = (middle: number, spread: number, total: number): number[] => Array.from({ length: 75 }, (_, bin) =>
  Math.round((total * 0.02 * Math.exp(-(((bin * 0.02 + 0.01 - middle) / spread) ** 2) / 2)) / (spread * 2.5066)));

function calibration() {
  const same = bell(0.42, 0.11, 900);
  const different = bell(0.98, 0.1, 60000);
  const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
  const at = (tolerance: number) => {
    const bin = Math.round(tolerance / 0.02);
    const falseMatchRate = sum(different.slice(0, bin)) / sum(different);
    return { tolerance, falseMatchRate, falseNonMatchRate: sum(same.slice(bin)) / sum(same), expectedFalseMatches: falseMatchRate * faces.length };
  };
  return {
    collection: 'default', model: 'mobilefacenet-v1', faceCount: faces.length, personCount: people.length, personsWithSeveralFacesCount: people.length,
    pairs: { sameCount: sum(same), differentCount: sum(different), sampled: false }, binWidth: 0.02, sameHistogram: same, differentHistogram: different,
    rates: Array.from({ length: 75 }, (_, i) => at(Number(((i + 1) * 0.02).toFixed(2)))), wanted: at(0.66), current: at(0.6), warnings: [],
  };
}

const job = {
  jobId: '6f0c7a34-0000-4000-8000-000000000001', state: 'running', cancelRequested: false, total: 372, done: 236, inserted: 229, duplicates: 4,
  failed: 3, skipped: 0, perSecond: 61.3, secondsLeft: 2.2, failures: [{ name: 'lfw/Unknown/Unknown_0001.jpg', reason: 'no-face' },
    { name: 'lfw/notes.txt', reason: 'not-a-picture' }, { name: 'lfw/Half/Half_0002.jpg', reason: 'damaged-picture' }],
  model: 'mobilefacenet-v1', createdAt: at, startedAt: at, endedAt: null, failureCode: null, failure: null, kind: 'archive', collection: 'default',
};

const json = (route: Route, body: unknown): Promise<void> =>
  route.fulfill({ json: body, headers: { ETag: '"1"' } });

export async function answerAsDemo(page: Page): Promise<void> {
  await page.route('**/v1/**', async (route) => {
    const url = new URL(route.request().url());
    const path = url.pathname.replace('/v1/collections/default', '');
    const face = /^\/faces\/(\d+)/.exec(path)?.[1];
    if (face && /(crop|image)$/.test(path)) {
      const index = Number(face) - 1;
      return route.fulfill({ contentType: 'image/svg+xml', body: portrait(Math.floor(index / takes), index % takes) });
    }
    if (path.endsWith('/search')) return json(route, searched());
    if (path === '/v1/detect') {
      return json(route, { ...searched(), faces: group.faces.map((placed, index) => ({ box: boxOf(placed), score: 0.98, main: index === 0, quality: faces[0]!.quality, reasons: index === 2 ? ['low-sharpness', 'small-bounding-box'] : [] })) });
    }
    if (path === '/faces') {
      const person = url.searchParams.get('personId') ?? url.searchParams.get('person');
      return json(route, { faces: faces.filter((entry) => !person || entry.personId === person || entry.person === person), nextCursor: person ? undefined : 'next' });
    }
    if (face) return json(route, faces[Number(face) - 1]);
    if (path === '/persons') return json(route, { persons });
    if (/exclusions$/.test(path)) return json(route, { exclusions: [] });
    if (/^\/persons\/\d+$/.test(path)) return json(route, persons[Number(path.split('/')[2]) - 1]);
    if (path.endsWith('/calibration')) return json(route, calibration());
    if (path === '/v1/jobs') return json(route, { jobs: [job] });
    if (/\/v1\/jobs\/[^/]+$/.test(path)) return json(route, job);
    if (/\/items$/.test(path)) return json(route, { items: [] });
    if (path === '/v1/keys') return json(route, { keys: [{ keyId: '1', name: 'first admin key', scopes: ['search', 'read', 'write', 'admin'], collections: null, createdAt: at, expiresAt: null, lastUsedAt: at }] });
    if (path === '/v1/audit') return json(route, { entries: [{ at, keyId: '1', action: 'enrolFaces', collection: 'default', subject: 'face 12', status: 201 }] });
    return json(route, { collections: [{ name: 'default', model: 'mobilefacenet-v1', faceCount: faces.length, personCount: people.length, createdAt: at }] });
  });
}
