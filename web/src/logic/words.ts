/** The API's codes in plain words: what is wrong with a face or a file, and what would help. */
import type { Engine } from '../api/types';

const engineReasons: Record<Engine['reason'], string> = {
  configured: 'The setting Engine:Profile names it.',
  bestAvailable: 'The database is new; of the profiles whose files can be had it is the best.',
  kept: 'The default collection was made with it.',
};

export const engineReason = (reason: Engine['reason']): string => engineReasons[reason];

const qualityReasons: Record<string, string> = {
  SMALL_BOUNDING_BOX: 'The face is small in the picture. Come closer or send a larger picture.',
  LOW_SHARPNESS: 'The face is blurred. Hold still, or focus on the face.',
  LOW_BRIGHTNESS: 'The face is too dark. More light from the front helps.',
  HIGH_BRIGHTNESS: 'The face is too bright. Less light, or a shorter exposure, helps.',
  EXTREME_POSE: 'The face is turned away. Look into the camera.',
  LOW_CONFIDENCE: 'The detector is not sure that this is a face. Is something in front of it?',
  EXCEEDS_MAX_FACES: 'Only the largest face was asked for.',
  OUTSIDE_TARGET_BOX: 'Another face was chosen.',
  NEAR_DUPLICATE: 'A face that is almost the same is enrolled already.',
};

const fileReasons: Record<string, string> = {
  'no-face': 'No face was found',
  'several-faces': 'There are several faces',
  'low-quality': 'The face is not good enough to be recognised later',
  'not-a-picture': 'Not a picture that can be read (JPEG, PNG, WebP, GIF or BMP)',
  'damaged-picture': 'The picture is cut off or broken',
  'empty-picture': 'The file is empty',
  'too-many-pixels': 'The picture has too many pixels',
  'file-too-large': 'The file is too large',
  'picture-too-large': 'The file is larger than a single picture may be',
  'unsafe-name': 'Its path leads out of the archive',
  'nested-archive': 'It is an archive itself; unpack it first',
  'encrypted-entry': 'It needs a password',
  'damaged-entry': 'Its data is damaged inside the archive',
  'system-file': 'A file that an operating system leaves in folders',
  'duplicate-picture': 'The picture is enrolled already',
  'near-duplicate': 'The face is enrolled already',
  'external-id-taken': 'Another face has this external id',
  'picture-not-kept': 'The picture itself was not kept',
  'archive-lost': 'The archive has disappeared from the server; send it again',
  'archive-gone': 'The archive is not kept any more; send it again',
  'job-broken': 'The server made a mistake, three times over',
  'not-an-archive': 'It is not a complete zip',
  'encrypted-archive': 'The archive needs a password',
  'too-many-entries': 'The archive has too many files; send it in parts',
  'archive-too-large': 'Unpacked, the archive would be too large; send it in parts',
};

/** A code nobody has put into words yet is still better than nothing. */
const readable = (code: string): string => {
  const words = code.toLowerCase().replaceAll(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export function qualityReason(code: string): string {
  return qualityReasons[code] ?? `${readable(code)}.`;
}

export function fileReason(code: string): string {
  return fileReasons[code] ?? readable(code);
}

const jobStates: Record<string, string> = {
  queued: 'Waiting for its turn',
  running: 'Running',
  succeeded: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export function jobState(state: string): string {
  return jobStates[state] ?? readable(state);
}

const outcomes: Record<string, string> = {
  inserted: 'Enrolled',
  duplicate: 'Duplicate',
  skipped: 'Skipped',
  failed: 'Failed',
};

export function outcome(value: string): string {
  return outcomes[value] ?? readable(value);
}
