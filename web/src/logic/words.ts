/** The texts for the API's codes. */
import reasons from '../../../docs/reasons.json';
import type { Engine } from '../api/types';

const engineReasons: Record<Engine['reason'], string> = {
  configured: 'The setting Engine:Profile names it.',
  bestAvailable: 'The database is new, and it is the best profile whose files are available.',
  kept: 'The default collection uses it.',
};

export const engineReason = (reason: Engine['reason']): string => engineReasons[reason];

const { faces, files }: Record<'faces' | 'files', Record<string, string>> = reasons;

/** The words of a code that has no text. */
const readable = (code: string): string => {
  const words = code.toLowerCase().replaceAll(/[-_]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export function qualityReason(code: string): string {
  return faces[code] ?? `${readable(code)}.`;
}

export function fileReason(code: string): string {
  return files[code] ?? readable(code);
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
