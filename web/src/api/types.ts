/** The bodies of the API, as docs/openapi.json describes them. */

export interface Box { x: number; y: number; width: number; height: number }
export interface ImageSize { width: number; height: number }
export interface SearchedImage extends ImageSize { orientationApplied: boolean }

export interface Collection { name: string; model: string; faces: number; persons: number; createdAt: string }

export interface Match {
  rank: number; distance: number; faceId: string; imageId: string; person: string | null; personId: string | null;
  externalId: string | null; tags: string[]; version: number | null;
}
export interface FaceGroup { person: string | null; personId: string | null; distance: number; matches: Match[] }
export interface SearchedFace { box: Box; score: number; matches: Match[]; groups?: FaceGroup[] | null }
export interface SearchAnswer {
  image: SearchedImage; collection: string; model: string; k: number; tolerance: number; faces: SearchedFace[];
}

export interface Quality {
  size: number; sharpness: number; brightness: number; yaw: number; pitch: number; roll: number;
}
export interface DetectedFace { box: Box; score: number; quality: Quality | null; reasons: string[] }
export interface DetectAnswer { image: SearchedImage; model: string; faces: DetectedFace[] }

export interface Face {
  faceId: string; imageId: string; collection: string; person: string | null; personId: string | null;
  externalId: string | null; tags: string[]; box: Box; score: number; quality: Quality | null; model: string;
  version: number | null; addedAt: string;
}
export interface FaceList { faces: Face[]; nextCursor?: string }
export interface EnrolWarning {
  code: string; faceId: string | null; enrolledFaceId: string; person: string | null; distance: number; detail: string;
}
export interface EnrolAnswer {
  image: { imageId: string } & SearchedImage; faces: Face[]; skipped: DetectedFace[]; warnings: EnrolWarning[]; model: string;
}

export interface Person { personId: string; name: string; faces: number; sampleFaceId: string | null }
export interface PersonList { persons: Person[]; nextCursor?: string }
export interface Exclusion { faceId: string; createdAt: string }
export interface ErasureReceipt {
  receiptId: string; collection: string; personId: string; erasedAt: string; faces: number; images: number;
  jobItems: number; exclusions: number; archives: number;
}

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';
export type ItemOutcome = 'inserted' | 'duplicate' | 'skipped' | 'failed';
export interface Job {
  jobId: string; state: JobState; cancelRequested: boolean; total: number | null; done: number; inserted: number;
  duplicates: number; failed: number; skipped: number; perSecond: number | null; secondsLeft: number | null;
  failures: { name: string; reason: string }[]; model: string; createdAt: string; startedAt: string | null;
  endedAt: string | null; failureCode: string | null; failure: string | null; kind?: string; collection?: string;
}
export interface JobList { jobs: Job[]; nextCursor?: string }
export interface JobItem { position: number; name: string; outcome: ItemOutcome; reason: string | null }
export interface JobItemList { items: JobItem[]; nextCursor?: string }

export interface Rates {
  tolerance: number; falseAcceptRate: number | null; falseRejectRate: number | null; expectedFalseMatches: number | null;
}
export interface Calibration {
  collection: string; model: string; faces: number; persons: number; personsWithSeveralFaces: number;
  pairs: { same: number; different: number; sampled: boolean }; binWidth: number; same: number[]; different: number[];
  rates: Rates[]; wanted: Rates | null; current: Rates; warnings: string[];
}

export interface Key {
  keyId: string; name: string; scopes: string[]; collections: string[] | null; createdAt: string;
  expiresAt: string | null; lastUsedAt: string | null;
}
export interface KeyList { keys: Key[]; nextCursor?: string }
export interface AuditEntry {
  at: string; keyId: string | null; action: string; collection: string | null; subject: string | null; status: number;
}
export interface AuditList { entries: AuditEntry[]; nextCursor?: string }
