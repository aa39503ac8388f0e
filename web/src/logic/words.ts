/** The texts for the API's codes. */
import type { Engine } from '../api/types';

const engineReasons: Record<Engine['reason'], string> = {
  configured: 'The setting Engine:Profile names it.',
  bestAvailable: 'The database is new, and it is the best profile whose files are available.',
  kept: 'The default collection uses it.',
};

export const engineReason = (reason: Engine['reason']): string => engineReasons[reason];

const qualityReasons: Record<string, string> = {
  SMALL_BOUNDING_BOX: 'The face is small in the picture. Come closer or send a larger picture.',
  LOW_SHARPNESS: 'The face is blurred. Hold still, or focus on the face.',
  LOW_BRIGHTNESS: 'The face is too dark. More light from the front helps.',
  HIGH_BRIGHTNESS: 'The face is too bright. Less light, or a shorter exposure, helps.',
  EXTREME_POSE: 'The face is turned away. Look into the camera.',
  LOW_CONFIDENCE: 'The detector is not sure that this is a face. Remove what covers it.',
  EXCEEDS_MAX_FACES: 'Only the largest face was requested.',
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
  'picture-too-large': 'The file exceeds the limit for one picture',
  'unsafe-name': 'Its path points outside the archive',
  'nested-archive': 'It is an archive inside the archive; unpack it first',
  'encrypted-entry': 'It needs a password',
  'damaged-entry': 'Its data is damaged inside the archive',
  'system-file': 'A file that the operating system created',
  'duplicate-picture': 'The picture is enrolled already',
  'near-duplicate': 'The face is enrolled already',
  'external-id-taken': 'Another face has this external id',
  'picture-not-kept': 'The picture itself was not kept',
  'archive-lost': 'The archive is missing on the server; send it again',
  'archive-gone': 'The server has deleted the archive; send it again',
  'job-broken': 'The job failed three times. See the server log',
  'not-an-archive': 'The file is not a complete zip',
  'encrypted-archive': 'The archive needs a password',
  'too-many-entries': 'The archive has too many files; send it in parts',
  'archive-too-large': 'The unpacked archive is too large; send it in parts',
};

/** The code itself in words, for a code without a text. */
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
  queued: 'Queued',
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
