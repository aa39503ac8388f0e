namespace FaceSearch.Api.Authentication;

/// <summary>The request came with a key that was ours once. A feature of the request, for the audit log.</summary>
internal sealed record ExpiredKey(long Id);
