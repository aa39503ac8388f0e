import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../src/api/problem';
import { hashOf, parseRoute } from '../../src/app/route';
import { bytes, count, counted, distance, duration, share, tagsOf } from '../../src/logic/format';
import { engineReason, fileReason, outcome, qualityReason } from '../../src/logic/words';

describe('format', () => {
  it('groups thousands, and writes singular and plural', () => {
    expect(count(1234567)).toBe('1,234,567');
    expect(counted(1, 'face')).toBe('1 face');
    expect(counted(0, 'face')).toBe('0 faces');
    expect(counted(2, 'entry', 'entries')).toBe('2 entries');
  });

  it('shows distances with three digits', () => expect(distance(0.6)).toBe('0.600'));

  it.each([[0, '0%'], [0.5, '50%'], [0.0123, '1.2%'], [0.001, '0.1%'], [0.00042, '0.042%'], [0.00001, '<0.01%']])(
    'shows the share %d as %s', (value, text) => expect(share(value)).toBe(text));

  it.each([[0.2, '1 s'], [89, '89 s'], [90, '2 min'], [3600, '60 min'], [7500, '2 h 5 min']])(
    'shows %d seconds as %s', (value, text) => expect(duration(value)).toBe(text));

  it.each([[512, '512 B'], [20480, '20 kB'], [6_400_000, '6.4 MB'], [2_500_000_000, '2.5 GB']])(
    'shows %d bytes as %s', (value, text) => expect(bytes(value)).toBe(text));

  it('splits tags', () => expect(tagsOf(' staff, night ,, staff')).toEqual(['staff', 'night']));
});

describe('words', () => {
  it('has the reason of the engine', () => {
    expect(engineReason('configured')).toContain('Engine:Profile');
    expect(engineReason('bestAvailable')).toContain('the best');
    expect(engineReason('kept')).toContain('default collection');
  });

  it('has every reason of a single file that the API documents', () => {
    const table = readFileSync(new URL('../../../docs/problems.md', import.meta.url), 'utf8').split('The reason of a single file')[1]!;
    const codes = [...table.matchAll(/<a id="([a-z-]+)"><\/a>/g)].map((found) => found[1]!).slice(0, 6);
    expect(codes).toContain('nested-archive');
    for (const code of codes)
      expect(fileReason(code)).not.toBe(code.charAt(0).toUpperCase() + code.slice(1).replaceAll('-', ' '));
  });

  it('has the words of the table of problems', () => {
    expect(fileReason('job-broken')).toBe('The job failed three times with a server error');
    expect(qualityReason('near-duplicate')).toContain('enrolled');
  });

  it('says how to improve a face', () => expect(qualityReason('low-brightness')).toContain('light'));

  it('turns an unknown code into words', () => {
    expect(fileReason('quite-new')).toBe('Quite new');
    expect(qualityReason('QUITE_NEW')).toBe('Quite new.');
    expect(outcome('inserted')).toBe('Enrolled');
  });
});

describe('Problem', () => {
  it('reads a problem document', () => {
    const problem = Problem.ofText(JSON.stringify({
      type: 'urn:facesearch:problem:low-quality', title: 'Unprocessable Entity', status: 422, detail: 'Too dark.', traceId: '0HN:1',
      errors: { k: ['1 to 1000'] }, reasons: ['low-brightness'],
    }), 422);
    expect(problem).toMatchObject({ code: 'low-quality', title: 'Unprocessable Entity', status: 422, message: 'Too dark.', traceId: '0HN:1', fields: { k: ['1 to 1000'] } });
    expect(problem.facts['reasons']).toEqual(['low-brightness']);
  });

  it('is made from any other error', () => {
    expect(Problem.ofText('<html>', 502)).toMatchObject({ status: 502, title: 'Status 502' });
    expect(Problem.from(new TypeError('x is undefined'))?.title).toBe('Something went wrong on this page');
    expect(Problem.from(Problem.unreachable())?.code).toBe('unreachable');
    expect(Problem.from(new DOMException('', 'AbortError'))).toBeNull();
  });
});

describe('addresses', () => {
  it('name a view and an id', () => {
    expect(parseRoute('')).toEqual({ view: 'search', id: null });
    expect(parseRoute(hashOf('persons', 'a/b'))).toEqual({ view: 'persons', id: 'a/b' });
    expect(parseRoute('#/enrol')).toEqual({ view: 'enrol', id: null });
  });
});
