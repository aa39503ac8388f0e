// Values of earlier answers: ids, cursors, ETags. Later requests pick from them to reach existing resources.
const kept = 200;

// A property's name, or its place, determines its kind.
const kinds = {
  faceId: 'faceId', enrolledFaceId: 'faceId', sampleFaceId: 'faceId', imageId: 'imageId', personId: 'personId', jobId: 'jobId', keyId: 'keyId',
  person: 'person', externalId: 'externalId', collection: 'collection', model: 'model', secret: 'secret', embedding: 'embedding', nextCursor: 'cursor',
};

export class Pool {
  values = new Map();

  add(kind, value) {
    if (value === null || value === undefined || value === '') return;
    const known = this.values.get(kind) ?? [];
    if (typeof value === 'string' && known.includes(value)) return;
    known.push(value);
    if (known.length > kept) known.splice(Math.floor(kept / 4), 1);
    this.values.set(kind, known);
  }

  /** The newest value for 0, then older ones; undefined without values. Prefers values of the place. */
  pick(kind, index, place) {
    const here = this.values.get(`${kind} of ${place}`);
    const known = here?.length && index % 7 !== 6 ? here : this.values.get(kind);
    return known?.length ? known[known.length - 1 - (index % known.length)] : undefined;
  }

  /** Ids are valid in their collection, versions at their path. */
  harvest(operation, message, headers, answer) {
    const collection = answer.collection ?? message.values.collection;
    if (headers.etag) this.add(`etag of ${message.route}`, headers.etag);
    if (operation.operationId === 'excludeFace') this.add(`exclusion of ${collection}`, { personId: message.values.personId, faceId: answer.faceId });
    this.walk(answer, operation.operationId, operation.tags?.[0], collection);
  }

  addHere(kind, value, collection) {
    this.add(kind, value);
    if (typeof collection === 'string') this.add(`${kind} of ${collection}`, value);
  }

  walk(node, operationId, tag, collection) {
    if (Array.isArray(node)) {
      for (const item of node.slice(0, 20)) this.walk(item, operationId, tag, collection);
      return;
    }
    if (node === null || typeof node !== 'object') return;
    for (const [name, value] of Object.entries(node)) {
      if (kinds[name] && (typeof value === 'string' || name === 'embedding')) {
        this.addHere(kinds[name], value, collection);
        if (name === 'nextCursor') this.add(`cursor of ${operationId}`, value);
      } else if (name === 'name' && tag === 'Collections') this.add('collection', value);
      else if (name === 'name' && tag === 'Persons') this.addHere('person', value, collection);
      else if (name === 'tags') for (const one of value ?? []) this.addHere('tag', one, collection);
      else this.walk(value, operationId, tag, collection);
    }
  }
}
