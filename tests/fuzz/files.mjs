// Pictures and archives: real photographs, odd and broken ones, drawn ones, and zips of them.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';

const faces = join(import.meta.dirname, '../../../shared/faces');
const small = (folder, most) => readdirSync(join(faces, folder), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(jpe?g|png|gif|bmp|webp)$/.test(entry.name))
  .map((entry) => ({ name: entry.name, bytes: readFileSync(join(entry.parentPath ?? entry.path, entry.name)) }))
  .filter((file) => file.bytes.length <= most)
  .sort((a, b) => (a.name < b.name ? -1 : 1));

const photographs = small('lfw', 30_000).filter((_, i) => i % 4 === 0);
const others = [...small('odd', 60_000), ...small('noface', 40_000), ...small('broken', 60_000), ...small('group', 60_000).slice(0, 2)];

/** Decoders ignore bytes after the end of a JPEG, but the file has another hash. */
const another = (file, salt) => ({ name: file.name, bytes: Buffer.concat([file.bytes, Buffer.from(salt)]) });

const photograph = fc.tuple(fc.constantFrom(...photographs), fc.option(fc.uuid(), { freq: 3, nil: '' })).map(([file, salt]) => another(file, salt));

const drawn = fc.record({ width: fc.integer({ min: 1, max: 64 }), height: fc.integer({ min: 1, max: 64 }), level: fc.nat(255) })
  .map(({ width, height, level }) => ({ name: 'drawn.png', bytes: png(width, height, level) }));

const garbage = fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ name: 'garbage.jpg', bytes: Buffer.from(bytes) }));

const damaged = fc.tuple(fc.oneof(photograph, fc.constantFrom(...others)), fc.array(fc.tuple(fc.nat(100_000), fc.nat(255)), { maxLength: 12 }), fc.option(fc.nat(20_000)))
  .map(([file, flips, length]) => {
    const bytes = Buffer.from(file.bytes);
    for (const [at, value] of flips) bytes[at % Math.max(1, bytes.length)] = value;
    return { name: file.name, bytes: length === null ? bytes : bytes.subarray(0, length) };
  });

export const goodPicture = fc.oneof({ weight: 8, arbitrary: photograph }, { weight: 1, arbitrary: fc.constantFrom(...others) });
export const anyPicture = fc.oneof(photograph, fc.constantFrom(...others), drawn, garbage, damaged);

const entryName = fc.oneof(
  fc.constantFrom('Ada/Ada_0001.jpg', 'a.jpg', 'Bob Smith/x.jpg', '.DS_Store', '__MACOSX/a.jpg', '../up.jpg', '/abs.jpg', 'C:\\x.jpg', 'inner.zip', 'ü/ä.jpg', 'a/'.repeat(60) + 'x.jpg', ''),
  fc.string({ unit: 'grapheme', maxLength: 20 }));

export const goodArchive = fc.array(goodPicture, { minLength: 1, maxLength: 2 })
  .map((files) => ({ name: 'faces.zip', bytes: zip(files.map((file, i) => [`Person ${i}/${file.name}`, file.bytes])) }));

export const anyArchive = fc.oneof(
  goodArchive,
  fc.array(fc.tuple(entryName, fc.oneof(garbage, drawn, photograph)), { maxLength: 3 })
    .map((entries) => ({ name: 'odd.zip', bytes: zip(entries.map(([name, file]) => [name, file.bytes])) })),
  fc.tuple(goodArchive, fc.nat(100_000), fc.nat(255)).map(([file, at, value]) => {
    const bytes = Buffer.from(file.bytes);
    bytes[bytes.length - 1 - (at % Math.min(bytes.length, 200))] = value;
    return { name: 'damaged.zip', bytes };
  }),
  fc.tuple(goodArchive, fc.nat(20_000)).map(([file, length]) => ({ name: 'cut.zip', bytes: file.bytes.subarray(0, length) })),
  garbage);

/** A zip without compression. */
export function zip(entries) {
  const parts = [], directory = [];
  let offset = 0;
  for (const [path, bytes] of entries) {
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    parts.push(Buffer.from('PK\x03\x04'), common, name, bytes);
    directory.push(Buffer.from('PK\x01\x02\x14\x00'), common, place, name);
    offset += 30 + name.length + bytes.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]);
}

function png(width, height, level) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const pixels = Buffer.alloc((width + 1) * height, level);
  for (let row = 0; row < height; row++) pixels[row * (width + 1)] = 0;
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', deflateSync(pixels)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4), sum = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
