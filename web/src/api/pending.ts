/** Calls that docs/openapi.json does not describe yet, in the shape that the generated client will have them. */
import { client } from './generated/client.gen';

export interface CollectionResponse { name: string; model: string; faces: number; persons: number; createdAt: string }
export interface CalibrationRates {
  tolerance: number; falseAcceptRate: number | null; falseRejectRate: number | null; expectedFalseMatches: number | null;
}
export interface CalibrationResponse {
  collection: string; model: string; faces: number; persons: number; personsWithSeveralFaces: number;
  pairs: { same: number; different: number; sampled: boolean }; binWidth: number; same: number[]; different: number[];
  rates: CalibrationRates[]; wanted: CalibrationRates | null; current: CalibrationRates; warnings: string[];
}
export type ApiKeyScope = 'search' | 'read' | 'write' | 'admin';
export interface ApiKeyResponse {
  keyId: string; name: string; scopes: ApiKeyScope[]; collections: string[] | null; createdAt: string;
  expiresAt: string | null; lastUsedAt: string | null;
}
export interface IssueApiKeyRequest { name: string; scopes: ApiKeyScope[]; collections?: string[] | null; expiresAt?: string | null }
export interface ApiKeyListResponse { keys: ApiKeyResponse[]; nextCursor?: string }
export interface AuditEntryResponse {
  at: string; keyId: string | null; action: string; collection: string | null; subject: string | null; status: number;
}
export interface AuditEntryListResponse { entries: AuditEntryResponse[]; nextCursor?: string }

interface Options {
  path?: Record<string, string>; query?: object; body?: unknown; headers?: Record<string, string>;
  parseAs?: 'blob'; signal?: AbortSignal | undefined;
}
const security = [{ name: 'X-Api-Key', type: 'apiKey' as const }];
const json = { 'Content-Type': 'application/json' };
const call = <T>(method: 'get' | 'post' | 'delete', url: string) => (options: Options) =>
  client[method]<{ 200: T }>({ url, security, ...options, headers: { ...(options.body ? json : {}), ...options.headers } } as never) as unknown as
    Promise<{ data?: T; error?: unknown; response?: Response }>;

export const listCollections = call<{ collections: CollectionResponse[]; nextCursor?: string }>('get', '/v1/collections');
export const createCollection = call<CollectionResponse>('post', '/v1/collections');
export const removeCollection = call<void>('delete', '/v1/collections/{collection}');
export const exportCollection = call<Blob>('get', '/v1/collections/{collection}/export');
export const calibrateCollection = call<CalibrationResponse>('post', '/v1/collections/{collection}/calibration');
export const issueKey = call<{ key: ApiKeyResponse & { secret: string } }>('post', '/v1/keys');
export const listKeys = call<ApiKeyListResponse>('get', '/v1/keys');
export const revokeKey = call<void>('delete', '/v1/keys/{keyId}');
export const listAuditEntries = call<AuditEntryListResponse>('get', '/v1/audit');
