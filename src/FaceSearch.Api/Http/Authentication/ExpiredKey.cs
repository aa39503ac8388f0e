namespace FaceSearch.Api.Http.Authentication;

/// <summary>The request came with an expired key. A feature of the request, for the audit log.</summary>
internal sealed record ExpiredKey(long Id);
