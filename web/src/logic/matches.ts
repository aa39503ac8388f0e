import type { FaceGroup, Match, SearchedFace } from '../api/types';

/**
 * The result of a search with a smaller k and tolerance, taken from a result with larger ones. Matches are ordered by
 * distance, so the result is exact and the sliders need no request.
 */
export function cutMatches(matches: readonly Match[], k: number, tolerance: number): Match[] {
  return matches.filter((match) => match.distance <= tolerance).slice(0, k);
}

/** The same for matches grouped by person; k counts the persons. */
export function cutGroups(groups: readonly FaceGroup[], k: number, tolerance: number): FaceGroup[] {
  return groups
    .map((group) => ({ ...group, matches: group.matches.filter((match) => match.distance <= tolerance) }))
    .filter((group) => group.matches.length > 0)
    .slice(0, k);
}

/** The nearest match; null when no match is within the tolerance. */
export function bestMatch(face: SearchedFace, tolerance: number): Match | null {
  const first = face.matches[0];
  return first && first.distance <= tolerance ? first : null;
}

/** The name shown for a match: the person, or the face's id. */
export function nameOf(match: Pick<Match, 'person' | 'faceId'>): string {
  return match.person ?? `Face ${match.faceId}`;
}
