import type { FaceGroup, Match, SearchedFace } from '../api/types';

/**
 * What a search with a smaller k and tolerance would have answered, cut out of one with larger ones. Matches come in
 * order of distance, so this is exact and needs no request: the sliders answer at once.
 */
export function cutMatches(matches: readonly Match[], k: number, tolerance: number): Match[] {
  return matches.filter((match) => match.distance <= tolerance).slice(0, k);
}

/** The same for matches grouped by person, where k counts the persons. */
export function cutGroups(groups: readonly FaceGroup[], k: number, tolerance: number): FaceGroup[] {
  return groups
    .map((group) => ({ ...group, matches: group.matches.filter((match) => match.distance <= tolerance) }))
    .filter((group) => group.matches.length > 0)
    .slice(0, k);
}

/** Whom the face is taken for: the nearest match; null when nobody is near enough. */
export function bestMatch(face: SearchedFace, tolerance: number): Match | null {
  const first = face.matches[0];
  return first && first.distance <= tolerance ? first : null;
}

/** What names a match to a reader. */
export function nameOf(match: Pick<Match, 'person' | 'faceId'>): string {
  return match.person ?? `Face ${match.faceId}`;
}
