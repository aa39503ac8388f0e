/** The API's bodies by the names that the page has for them. All of them are generated from docs/openapi.json. */
export type {
  BoxResponse as Box,
  ChangeFaceRequest as FaceChange,
  DetectedFaceResponse as DetectedFace,
  DetectFacesResponse as DetectAnswer,
  EnrolFacesResponse as EnrolAnswer,
  EnrolmentItemListResponse as JobItemList,
  EnrolmentItemResponse as JobItem,
  EnrolmentJobListResponse as JobList,
  EnrolmentJobResponse as Job,
  EnrolmentOutcome as ItemOutcome,
  ErasureReceiptResponse as ErasureReceipt,
  ExclusionResponse as Exclusion,
  FaceListResponse as FaceList,
  FaceResponse as Face,
  MatchGroupResponse as FaceGroup,
  MatchResponse as Match,
  NearDuplicateResponse as EnrolWarning,
  NearDuplicates,
  PersonListResponse as PersonList,
  PersonResponse as Person,
  QualityLevel,
  QualityResponse as Quality,
  SearchedFace,
  SearchFacesResponse as SearchAnswer,
} from './generated/types.gen';
export type {
  ApiKeyListResponse as KeyList,
  ApiKeyResponse as Key,
  ApiKeyScope as Scope,
  AuditEntryListResponse as AuditList,
  AuditEntryResponse as AuditEntry,
  CalibrationRates as Rates,
  CalibrationResponse as Calibration,
  CollectionResponse as Collection,
  IssueApiKeyRequest as NewKey,
} from './pending';

/** Pixels of the upright picture. */
export interface ImageSize { width: number; height: number }
