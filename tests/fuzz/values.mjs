// Arbitrary values for a schema: those it allows, and those it should not.
import fc from 'fast-check';

/** A placeholder for a value of an earlier answer; replaced when the request is sent. */
export class Picked {
  constructor(kind, index, otherwise) {
    Object.assign(this, { kind, index, otherwise });
  }
}

export const picked = (kind, otherwise) =>
  fc.tuple(fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 5, arbitrary: fc.nat(199) }), otherwise)
    .map(([index, other]) => new Picked(kind, index, other));

/** Replaces every Picked in a value by a known value, of the place when possible. */
export function fill(value, pool, place) {
  if (value instanceof Picked) return pool.pick(value.kind, value.index, place) ?? value.otherwise;
  if (Array.isArray(value)) return value.map((one) => fill(one, pool, place));
  if (value === null || typeof value !== 'object' || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one, pool, place)]));
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const someone = fc.constantFrom('Ada Lovelace', 'Zoë Kravitz', 'Nguyễn Văn A', "O'Brien", '李小龍', 'Ashanti');

// The usual kind of a property or parameter of this name; the schema does not have it.
const byName = {
  collection: fc.oneof({ weight: 2, arbitrary: fc.constant('default') }, { weight: 3, arbitrary: picked('collection', fc.constant('default')) }),
  jobId: picked('jobId', fc.uuid()),
  faceId: picked('faceId', fc.constant('1')),
  personId: picked('personId', fc.constant('1')),
  keyId: picked('keyId', fc.constant('1')),
  image_id: picked('imageId', fc.constant('1')),
  person: fc.oneof(someone, picked('person', someone)),
  externalId: fc.oneof(fc.uuid(), picked('externalId', word)),
  tag: picked('tag', word),
  tags: fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 3 }).map((tags) => tags.join(','))),
  profile: fc.constantFrom('mobile', 'mobilefacenet-v1', 'dlib'),
  model: picked('model', fc.constant('mobilefacenet-v1')),
  'If-Match': picked('etag', fc.constant('"1"')),
  'Idempotency-Key': fc.oneof(fc.uuid(), fc.constantFrom('again', 'once-more', 'third')),
  targetBox: fc.constantFrom('60,60,120,120', '0,0,250,250', '200,200,40,40'),
  groupBy: fc.constant('person'),
  expiresAt: fc.constantFrom(null, '2099-01-01T00:00:00Z'),
  api_key: picked('secret', fc.constant('fs_unknown')),
};

const inBodies = {
  embedding: picked('embedding', fc.array(fc.integer({ min: -200, max: 200 }).map((value) => value / 1000), { minLength: 128, maxLength: 128 })),
  tags: fc.array(word, { maxLength: 5 }),
  personIds: fc.array(picked('personId', fc.constant('2')), { minLength: 1, maxLength: 3 }),
  collections: fc.array(picked('collection', fc.constant('default')), { maxLength: 2 }),
  scopes: fc.subarray(['search', 'read', 'write', 'admin'], { minLength: 1 }),
};

export function valid(document, schema, name, operation, inBody = false) {
  schema = document.resolve(schema) ?? {};
  if (name === 'name') return operation.tags?.[0] === 'Persons' ? byName.person : fc.tuple(word, fc.nat(99999)).map((parts) => parts.join('-'));
  if (name === 'cursor') return picked(`cursor of ${operation.operationId}`, fc.constant(undefined));
  if (inBody && inBodies[name]) return inBodies[name];
  if (name === 'person' && schema.type === 'array') return fc.array(byName.personId, { maxLength: 2 });
  if (byName[name]) return schema.type === 'array' ? fc.array(byName[name], { maxLength: 2 }) : byName[name];
  return bySchema(document, schema, operation);
}

function bySchema(document, schema, operation) {
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return fc.oneof(...choices.map((one) => valid(document, one, undefined, operation, true)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const types = [schema.type ?? 'string'].flat();
  return fc.oneof(...types.map((type) => ofType(document, schema, type, operation)));
}

function ofType(document, schema, type, operation) {
  switch (type) {
    case 'null': return fc.constant(null);
    case 'boolean': return fc.boolean();
    case 'integer': return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000 });
    case 'number': return fc.double({ min: schema.minimum ?? 0.01, max: schema.maximum ?? 4, noNaN: true });
    case 'array': return fc.array(valid(document, schema.items, undefined, operation, true), { maxLength: 4 });
    case 'object': return objectOf(document, schema, operation);
    default: return schema.format === 'date-time' ? fc.constant('2026-11-22T09:30:00Z') : schema.format === 'uuid' ? fc.uuid() : word;
  }
}

export function objectOf(document, schema, operation) {
  const members = Object.entries(schema.properties ?? {})
    .map(([name, one]) => [name, valid(document, one, name, operation, true)]);
  return fc.record(Object.fromEntries(members), { requiredKeys: schema.required ?? [] });
}

/** Difficult texts: long, empty, other scripts, control characters, half a surrogate pair, paths, numbers beyond all types. */
export const hostileText = fc.oneof(
  fc.constantFrom('', ' ', '0', '-1', '1e999', 'NaN', 'Infinity', '-0', '2147483648', '-2147483649', '9223372036854775808', '99999999999999999999',
    '0.0000000000001', '1,5', 'true', 'null', '[]', '{}', '../../etc/passwd', '%00', '\u0000', '\ud800', 'a\r\nX-Evil: 1', '\u202e\u0007',
    "' OR 1=1 --", '%', '_', '\\', '*', '"', '"1"', 'W/"1"', '"x", "y"', '9'.repeat(400), 'ä'.repeat(500), '🙂'.repeat(300), 'MTc', 'AAAA', '====', 'LTE'),
  fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 20 }), fc.integer().map(String), fc.double().map(String),
  fc.base64String({ maxLength: 40 }));

export const hostileValue = fc.oneof(
  hostileText, fc.constantFrom(null, true, 0, -1, 1e300, -1e300, 2 ** 31, 2 ** 53, 0.5), fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 4 }), fc.jsonValue({ maxDepth: 3 }), fc.constant(deep(200)));

function deep(levels) {
  let value = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}
