import { describe, expect, it } from 'vitest';
import type { Match, SearchedFace } from '../../src/api/types';
import { bestMatch, cutGroups, cutMatches, nameOf } from '../../src/logic/matches';

const match = (rank: number, distance: number, person: string | null = 'Ada'): Match => ({
  rank, distance, faceId: String(rank), imageId: String(rank), person, personId: person && '1', externalId: null, tags: [], pictureNumber: null,
});
const matches = [match(1, 0.2), match(2, 0.6), match(3, 0.601), match(4, 0.9)];

describe('cutMatches', () => {
  it('keeps the matches up to and including the tolerance', () =>
    expect(cutMatches(matches, 50, 0.6).map((found) => found.rank)).toEqual([1, 2]));

  it('keeps the nearest k', () => expect(cutMatches(matches, 3, 1.2).map((found) => found.rank)).toEqual([1, 2, 3]));

  it('is empty when no match is within the tolerance', () => expect(cutMatches(matches, 5, 0.1)).toEqual([]));
});

describe('cutGroups', () => {
  const groups = [
    { person: 'Ada', personId: '1', distance: 0.2, matches: [match(1, 0.2), match(3, 0.7)] },
    { person: null, personId: null, distance: 0.5, matches: [match(2, 0.5, null)] },
    { person: 'Alan', personId: '2', distance: 0.8, matches: [match(4, 0.8, 'Alan')] },
  ];

  it('drops far matches of near persons, and far persons', () =>
    expect(cutGroups(groups, 5, 0.6).map((group) => group.matches.map((found) => found.rank))).toEqual([[1], [2]]));

  it('counts persons, not faces', () => expect(cutGroups(groups, 1, 1).map((group) => group.matches.length)).toEqual([2]));
});

describe('bestMatch', () => {
  const face = (found: Match[]): SearchedFace => ({ box: { x: 0, y: 0, width: 1, height: 1 }, score: 1, main: true, matches: found, groups: null, truncated: false });

  it('is the nearest within the tolerance', () => expect(bestMatch(face(matches), 0.6)?.rank).toBe(1));
  it('is null beyond the tolerance', () => expect(bestMatch(face(matches), 0.19)).toBeNull());
  it('is null without matches', () => expect(bestMatch(face([]), 4)).toBeNull());
});

it('names a face without a person by its id', () => {
  expect(nameOf(match(7, 0.1, null))).toBe('Face 7');
  expect(nameOf(match(7, 0.1))).toBe('Ada');
});
