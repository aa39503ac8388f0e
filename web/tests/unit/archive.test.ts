import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isArchive, isPicture, withOwnPaths, worthSending, zip } from '../../src/logic/archive';

const entry = (path: string, content = path) => ({ path, file: new File([content], path.split('/').at(-1)!) });

describe('zip', () => {
  it('is unpacked by other programs, folders included', async () => {
    const told: number[] = [];
    const archive = await zip([entry('Ada/1.jpg', 'one'), entry('Ünï côdé/2.jpg', 'two')], (done) => told.push(done));
    const folder = mkdtempSync(join(tmpdir(), 'facesearch-zip-'));
    writeFileSync(join(folder, 'a.zip'), Buffer.from(await archive.arrayBuffer()));
    execFileSync('python3', ['-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', join(folder, 'a.zip'), folder]);

    expect(readFileSync(join(folder, 'Ada/1.jpg'), 'utf8')).toBe('one');
    expect(readFileSync(join(folder, 'Ünï côdé/2.jpg'), 'utf8')).toBe('two');
    expect(told).toEqual([0, 1, 2]);
    rmSync(folder, { recursive: true });
  });
});

it('numbers files of the same name', () =>
  expect(withOwnPaths([entry('1.jpg'), entry('1.jpg'), entry('1.jpg'), entry('a/readme')]).map((file) => file.path))
    .toEqual(['1.jpg', '1 (2).jpg', '1 (3).jpg', 'a/readme']));

it('leaves out files of the operating system', () =>
  expect(worthSending(['a/.DS_Store', 'Thumbs.db', '__MACOSX/a/._1.jpg', 'a/1.jpg', 'a/notes.txt'].map((path) => entry(path))).map((file) => file.path))
    .toEqual(['a/1.jpg', 'a/notes.txt']));

it('tells archives from pictures, by type or by name', () => {
  expect(isArchive(new File([], 'a.ZIP'))).toBe(true);
  expect(isArchive(new File([], 'a', { type: 'application/zip' }))).toBe(true);
  expect(isArchive(new File([], 'a.jpg'))).toBe(false);
  expect(isPicture(new File([], 'a.JPEG'))).toBe(true);
  expect(isPicture(new File([], 'a', { type: 'image/webp' }))).toBe(true);
  expect(isPicture(new File([], 'a.txt', { type: 'text/plain' }))).toBe(false);
});
