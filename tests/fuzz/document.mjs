// The served OpenAPI document: its operations, and the documented answers of each.
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const methods = ['get', 'put', 'post', 'patch', 'delete'];

export class ApiDocument {
  constructor(document) {
    this.document = document;
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      methods.filter((method) => item[method]).map((method) => ({ ...item[method], method: method.toUpperCase(), path })));
    this.validators = new Map();
    this.ajv = new Ajv({ strict: false, allErrors: true, logger: false });
    addFormats(this.ajv);
    for (const format of ['int32', 'int64', 'float', 'double', 'binary']) this.ajv.addFormat(format, true);
    this.ajv.addSchema({ $id: 'document', components: closed(document.components) });
  }

  resolve(node) {
    while (node?.$ref) node = node.$ref.slice(2).split('/').reduce((at, key) => at[key], this.document);
    return node;
  }

  /** The difference of an answer from the document; null when it is as documented. */
  complaint(operation, status, headers, body) {
    const response = operation.responses[status];
    if (!response) return `status ${status} is not documented`;
    const type = (headers['content-type'] ?? '').split(';')[0];
    const documented = Object.keys(response.content ?? {});
    if (documented.length === 0) return body.length > 0 ? `a body where none is documented (${type})` : null;
    const match = documented.find((one) => one === type || (one.endsWith('/*') && type.startsWith(one.slice(0, -1))));
    if (!match) return `content type '${type}' is not documented for ${status}`;
    if (!type.endsWith('json')) return null;

    const value = JSON.parse(body.toString('utf8'));
    const validate = this.validatorOf(operation, status, match, response.content[match].schema);
    if (!validate(value)) return `the body does not match its schema: ${this.ajv.errorsText(validate.errors).slice(0, 500)}`;
    if (status >= 400) {
      const code = String(value.type).split(':').at(-1);
      if (!response.content[match].examples?.[code]) return `the problem '${code}' is not documented for ${status}`;
    }
    return null;
  }

  validatorOf(operation, status, type, schema) {
    const key = `${operation.operationId} ${status} ${type}`;
    if (!this.validators.has(key)) this.validators.set(key, this.ajv.compile(absolute(schema)));
    return this.validators.get(key);
  }
}

/** Answers must not have undocumented properties: closes every object of the schema. */
function closed(node) {
  if (Array.isArray(node)) return node.map(closed);
  if (node === null || typeof node !== 'object') return node;
  const copy = Object.fromEntries(Object.entries(absolute(node)).map(([key, value]) => [key, closed(value)]));
  if (copy.type === 'object' && copy.properties && copy.additionalProperties === undefined) copy.additionalProperties = false;
  return copy;
}

function absolute(node) {
  if (Array.isArray(node)) return node.map(absolute);
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) =>
    [key, key === '$ref' && value.startsWith('#') ? `document${value}` : absolute(value)]));
}
