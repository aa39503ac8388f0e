// An arbitrary request for an operation: valid, with one or two errors, or with many.
import fc from 'fast-check';
import { anyArchive, anyPicture, goodArchive, goodPicture } from './files.mjs';
import { Picked, fill, hostileText, hostileValue, objectOf, picked, valid } from './values.mjs';

const multipart = 'multipart/form-data';
const form = 'application/x-www-form-urlencoded';

export function requestOf(document, operation) {
  const good = goodRequest(document, operation);
  return fc.oneof(
    { weight: 55, arbitrary: good },
    { weight: 35, arbitrary: fc.tuple(good, fc.array(flawOf(document, operation), { minLength: 1, maxLength: 2 })).map(([request, flaws]) => flaws.reduce((one, flaw) => flaw(one), request)) },
    { weight: 10, arbitrary: fc.tuple(good, fc.array(flawOf(document, operation), { minLength: 3, maxLength: 8 })).map(([request, flaws]) => flaws.reduce((one, flaw) => flaw(one), request)) });
}

function goodRequest(document, operation) {
  const parameters = Object.fromEntries((operation.parameters ?? []).map((parameter) => {
    const value = valid(document, parameter.schema, parameter.name, operation);
    return [parameter.name, parameter.required ? value : fc.option(value, { nil: undefined, freq: parameter.in === 'header' ? 1 : 2 })];
  }));
  return fc.record({
    operation: fc.constant(operation),
    key: fc.oneof({ weight: 30, arbitrary: fc.constant('admin') }, { weight: 2, arbitrary: fc.constant('bearer') }, { weight: 1, arbitrary: fc.constant('issued') }),
    parameters: fc.record(parameters),
    body: operation.requestBody ? goodBody(document, operation) : fc.constant(null),
  });
}

function goodBody(document, operation) {
  return fc.oneof(...Object.entries(operation.requestBody.content).map(([type, media]) => {
    const schema = document.resolve(media.schema) ?? {};
    if (schema.format === 'binary') return fileOf(type, operation).map((file) => ({ type, bytes: file.bytes }));
    if (type === multipart || type === form) return fieldsOf(document, schema, operation, type);
    const value = schema.properties ? objectOf(document, schema, operation) : valid(document, schema, undefined, operation, true);
    return value.map((json) => ({ type, json }));
  }));
}

function fieldsOf(document, schema, operation, type) {
  const isFile = (one) => document.resolve(one).format === 'binary';
  const members = Object.entries(schema.properties ?? {}).map(([name, one]) =>
    [name, isFile(one) ? fileOf(type, operation) : valid(document, one, name, operation)]);
  return fc.tuple(fc.record(Object.fromEntries(members), { requiredKeys: schema.required ?? [] }), fc.boolean()).map(([fields, turned]) => {
    const list = Object.entries(fields).map(([name, value]) => ({ name, value }));
    return { type, fields: turned ? list.reverse() : list };
  });
}

const takesArchive = (operation) => 'application/zip' in operation.requestBody.content;

function fileOf(type, operation) {
  if (!takesArchive(operation)) return goodPicture;
  return operation.operationId === 'importCollection'
    ? picked('export', goodArchive).map((bytes) => ({ name: 'export.zip', bytes }))
    : goodArchive;
}

/** A change of a request. */
function flawOf(document, operation) {
  const parameters = operation.parameters ?? [];
  const flaws = [
    { weight: 1, arbitrary: fc.constantFrom('none', 'garbage', 'issued').map((key) => (request) => ({ ...request, key })) },
    { weight: 1, arbitrary: fc.tuple(fc.stringMatching(/^[A-Za-z-]{1,20}$/), hostileText).map(([name, value]) => (request) => ({ ...request, more: [...(request.more ?? []), [name, value]] })) },
    { weight: 1, arbitrary: fc.constantFrom('If-Match', 'Idempotency-Key', 'Prefer', 'Accept', 'Range', 'If-None-Match', 'Accept-Encoding', 'Content-Disposition', 'Expect').chain((name) =>
      hostileText.map((value) => (request) => ({ ...request, headers: { ...request.headers, [name]: value } }))) },
  ];
  if (parameters.length > 0) {
    flaws.push({
      weight: 6,
      arbitrary: fc.tuple(fc.constantFrom(...parameters.map((one) => one.name)), fc.oneof(hostileText, fc.constant(undefined), fc.array(hostileText, { maxLength: 3 })))
        .map(([name, value]) => (request) => ({ ...request, parameters: { ...request.parameters, [name]: value } })),
    });
  }
  if (operation.requestBody) flaws.push({ weight: 8, arbitrary: bodyFlawOf(operation) });
  return fc.oneof(...flaws);
}

function bodyFlawOf(operation) {
  const anyFile = takesArchive(operation) ? anyArchive : anyPicture;
  const change = (how) => (request) => ({ ...request, body: request.body && { ...request.body, ...how(request.body) } });
  return fc.oneof(
    anyFile.map((file) => change((body) => (body.fields ? { fields: body.fields.map((one) => (one.value?.bytes ? { ...one, value: file } : one)) } : body.bytes ? { bytes: file.bytes } : {}))),
    fc.tuple(fc.nat(9), hostileValue).map(([at, value]) => change((body) => damage(body, at, value))),
    fc.tuple(fc.stringMatching(/^[A-Za-z_]{0,12}$/), hostileValue).map(([name, value]) => change((body) => addTo(body, name, value))),
    fc.nat(9).map((at) => change((body) => removeFrom(body, at))),
    hostileValue.map((json) => () => ({ operation, key: 'admin', parameters: {}, body: { type: 'application/json', json } })),
    fc.constantFrom('application/json', 'text/plain', 'image/jpeg', 'image/svg+xml', 'image/*', 'application/zip', multipart, `${multipart}; boundary=`, `${multipart}; boundary=${'b'.repeat(100)}`, form, 'application/merge-patch+json', 'nonsense', 'application/json; charset=utf-16', '')
      .map((sentType) => change(() => ({ sentType }))),
    fc.nat(400).map((cut) => change(() => ({ cut }))),
    fc.constantFrom('gzip', 'br', 'nonsense').map((encoding) => (request) => ({ ...request, headers: { ...request.headers, 'Content-Encoding': encoding } })),
    fc.constant((request) => ({ ...request, body: null })));
}

function damage(body, at, value) {
  if (body.fields?.length) return { fields: body.fields.map((one, i) => (i === at % body.fields.length ? { ...one, value } : one)) };
  const names = Object.keys(body.json ?? {});
  return names.length ? { json: { ...body.json, [names[at % names.length]]: value } } : { json: value };
}

function addTo(body, name, value) {
  if (body.fields) return { fields: [...body.fields, { name, value }] };
  return body.json && !Array.isArray(body.json) ? { json: { ...body.json, [name]: value } } : {};
}

function removeFrom(body, at) {
  if (body.fields?.length) return { fields: body.fields.filter((_, i) => i !== at % body.fields.length) };
  const names = Object.keys(body.json ?? {});
  return names.length ? { json: Object.fromEntries(Object.entries(body.json).filter(([name]) => name !== names[at % names.length])) } : {};
}

/** The bytes and headers to send, with values of earlier answers. Null when there is no such path. */
export function render(request, pool, keys) {
  const { operation } = request;
  const values = valuesOf(request, pool);
  const headers = {};
  const query = [];
  let path = operation.path;
  for (const parameter of operation.parameters ?? []) {
    const all = values[parameter.name] === undefined ? [] : [values[parameter.name]].flat();
    if (parameter.in === 'path') {
      const text = String(all[0] ?? 'none').toWellFormed();
      if (text === '' || /^\.+$|[/\\]/.test(text)) return null;
      path = path.replace(`{${parameter.name}}`, encodeURIComponent(text));
    } else if (parameter.in === 'query') {
      for (const value of all) query.push([parameter.name, value]);
    }
  }
  const route = path.replace(/\/exclusions.*/, '');
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in !== 'header' || values[parameter.name] === undefined) continue;
    const version = parameter.name === 'If-Match' && request.parameters[parameter.name] instanceof Picked && pool.pick(`etag of ${route}`, 0);
    headers[parameter.name] = asHeader(version || [values[parameter.name]].flat()[0]);
  }
  for (const pair of request.more ?? []) query.push(pair);
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name] = asHeader(value);

  const secret = { admin: keys.admin, bearer: keys.admin, garbage: 'fs_0000', none: null, issued: pool.pick('secret', 3) ?? keys.admin }[request.key];
  if (secret && request.key === 'bearer') headers.Authorization = `Bearer ${secret}`;
  else if (secret) headers['X-Api-Key'] = secret;

  const text = query.map(([name, value]) => `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(String(value).toWellFormed())}`).join('&');
  const body = renderBody(request.body, pool, values.collection);
  if (body?.type) headers['Content-Type'] = body.type;
  return { method: operation.method, path: text ? `${path}?${text}` : path, headers, body: body?.bytes ?? null, values, route };
}

/** The collection first, because the other picked values should be in it. */
function valuesOf(request, pool) {
  const collection = fill(request.parameters.collection, pool);
  const values = { ...fill(request.parameters, pool, collection), collection };
  const excluded = request.operation.operationId === 'removeExclusion' && request.parameters.faceId instanceof Picked && pool.pick(`exclusion of ${collection}`, 0);
  return excluded ? { ...values, ...excluded } : values;
}

const asHeader = (value) => String(value).replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 2000);

function renderBody(body, pool, place) {
  if (!body) return null;
  let bytes, type = body.type;
  if (body.fields && type === form) {
    bytes = Buffer.from(body.fields.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(asText(fill(value, pool, place)))}`).join('&'));
  } else if (body.fields) {
    const boundary = 'fuzz-boundary-7f3a';
    bytes = Buffer.concat([...body.fields.flatMap((field) => part(field.name, fill(field.value, pool, place), boundary)), Buffer.from(`--${boundary}--\r\n`)]);
    type = `${multipart}; boundary=${boundary}`;
  } else if ('bytes' in body) {
    const filled = fill(body.bytes, pool);
    bytes = Buffer.isBuffer(filled) ? filled : filled.bytes;
  } else {
    bytes = Buffer.from(JSON.stringify(fill(body.json, pool, place)) ?? '');
  }
  return { bytes: body.cut === undefined ? bytes : bytes.subarray(0, Math.max(0, bytes.length - body.cut)), type: body.sentType ?? type };
}

function part(name, value, boundary) {
  const file = value?.bytes !== undefined ? value : null;
  const content = file ? (Buffer.isBuffer(file.bytes) ? file.bytes : file.bytes.bytes) : Buffer.from(asText(value));
  const fileName = file ? `; filename="${file.name}"` : '';
  return [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${fileName}\r\n\r\n`), content, Buffer.from('\r\n')];
}

const asText = (value) => (typeof value === 'string' ? value : JSON.stringify(value) ?? '');
