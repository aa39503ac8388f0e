// node fuzz.mjs URL requests seed [folder for failed requests]; the key is in FACESEARCH_KEY.
// Sends arbitrary requests to every operation of the served document and compares each answer with it.
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { ApiDocument } from './document.mjs';
import { Pool } from './pool.mjs';
import { render, requestOf } from './requests.mjs';

const [url, count, seed, folder = 'artifacts/fuzz'] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4]), process.argv[5]];
const atOnce = 6;
const keys = { admin: process.env.FACESEARCH_KEY };
const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });
const document = new ApiDocument(await (await fetch(`${url}/openapi/v1.json`)).json());
const pool = new Pool();
const random = fc.sample(fc.noBias(fc.nat(2 ** 30)), { seed, numRuns: count });
const ways = document.operations.flatMap((operation, at) => Array(weightOf(operation)).fill(at));
const arbitraries = document.operations.map((operation) => requestOf(document, operation));
const statuses = new Map(), complaints = [];
let serverErrors = 0, sent = 0;

// The key in use is never revoked: the run needs it to the end.
const own = await ask({ method: 'GET', path: '/v1/keys', headers: { 'X-Api-Key': keys.admin }, body: null });
const ownKeyIds = own.status === 200 ? JSON.parse(own.body).keys.map((key) => key.keyId) : [];

const began = Date.now();
let next = 0;
await Promise.all(Array.from({ length: atOnce }, async () => {
  while (next < count) await one(next++);
}));

for (const operation of document.operations) {
  const seen = statuses.get(operation.operationId) ?? {};
  console.log(operation.operationId.padEnd(20), Object.entries(seen).map(([status, times]) => `${status}:${times}`).join(' '));
}
// A server of one profile can't re-embed a collection: it always answers 409.
const unreached = document.operations.map((operation) => operation.operationId)
  .filter((id) => id !== 'reembedCollection' && !Object.keys(statuses.get(id) ?? {}).some((status) => status.startsWith('2')));
if (unreached.length > 0) console.log(`never successful: ${unreached.join(', ')}`);

const kinds = new Map();
for (const one of complaints) kinds.set(`${one.operation}: ${one.complaint}`, [...(kinds.get(`${one.operation}: ${one.complaint}`) ?? []), one]);
for (const [what, cases] of [...kinds].slice(0, 40)) console.log(`COMPLAINT ${what} (${cases.length} times; ${cases[0].file})`);
const alive = await ask({ method: 'GET', path: '/health/live', headers: {}, body: null });
const bad = complaints.length > 0 || alive.status !== 200 || (count >= 10_000 && unreached.length > 0);
console.log(`${Math.round(sent / ((Date.now() - began) / 1000))} requests/s, ${complaints.length} answers that are not as documented`);
console.log(`fuzz requests=${sent} server_errors=${serverErrors} seed=${seed}`);
process.exit(bad || serverErrors > 0 ? 1 : 0);

/** Weights: more resources are created than removed, so that later requests find some. */
function weightOf({ operationId, method }) {
  if (operationId === 'removeCollection') return 1;
  return method === 'DELETE' ? 2 : ['enrolFaces', 'excludeFace', 'detectFaces'].includes(operationId) ? 9 : 5;
}

async function one(index) {
  const at = ways[random[index] % ways.length];
  const operation = document.operations[at];
  const [request] = fc.sample(arbitraries[at], { seed: random[index], numRuns: 1 });
  const message = render(request, pool, keys);
  if (!message || (operation.operationId === 'revokeKey' && ownKeyIds.some((id) => message.path.endsWith(`/${id}`)))) return;

  let answer;
  try {
    answer = await ask(message, random[index] % 97 === 0);
  } catch (error) {
    // A server may close a connection without reading the body, but it must not crash.
    if (message.body && ['ECONNRESET', 'EPIPE'].includes(error.code)) return;
    report(operation, message, null, `no answer: ${error.message}`, random[index]);
    return;
  }
  sent++;
  if (answer === null) return;

  const seen = statuses.get(operation.operationId) ?? {};
  seen[answer.status] = (seen[answer.status] ?? 0) + 1;
  statuses.set(operation.operationId, seen);
  if (answer.status >= 500 && !(answer.status === 503 && operation.responses[503])) serverErrors++;

  if (isBelowTheApi(message, answer)) return;
  let complaint;
  try {
    complaint = document.complaint(operation, answer.status, answer.headers, answer.body);
  } catch (error) {
    complaint = `the answer can't be read: ${error.message}`;
  }
  if (complaint) report(operation, message, answer, complaint, random[index]);
  if (answer.status >= 300 || operation.operationId === 'listAuditEntries') return;
  if (answer.headers['content-type']?.startsWith('application/json')) pool.harvest(operation, message, answer.headers, JSON.parse(answer.body));
  else if (operation.operationId === 'exportCollection' && answer.body.length < 500_000) pool.add('export', answer.body);
}

/** The web server itself refuses paths and headers with invalid text, before it selects an operation. */
function isBelowTheApi(message, answer) {
  return answer.status === 400 && answer.body.length === 0
    && (message.path.includes('%00') || Object.values(message.headers).some((value) => /[^\x20-\x7e]/.test(value)));
}

function report(operation, message, answer, complaint, requestSeed) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${complaints.length}.json`);
  complaints.push({ operation: operation.operationId, complaint, file });
  if (complaints.length > 200) return;
  writeFileSync(file, JSON.stringify({
    complaint, requestSeed, method: message.method, path: message.path, headers: { ...message.headers, 'X-Api-Key': undefined, Authorization: undefined },
    body: message.body?.toString('latin1').slice(0, 4000), status: answer?.status, answer: answer?.body.toString('utf8').slice(0, 4000),
  }, null, 2));
}

/** Null when the client disconnected on purpose. */
function ask({ method, path, headers, body }, hangUp = false) {
  return new Promise((resolve, reject) => {
    const request = http.request(`${url}`, { method, path, headers: { ...headers, ...(body ? { 'Content-Length': body.length } : {}) }, agent, timeout: 60_000 });
    request.on('error', (error) => (hangUp ? resolve(null) : reject(error)));
    request.on('timeout', () => request.destroy(new Error('no answer in 60 s')));
    request.on('response', (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
    });
    if (hangUp && body) {
      request.write(body.subarray(0, body.length / 2), () => request.destroy());
      return;
    }
    request.end(body ?? undefined);
  });
}
