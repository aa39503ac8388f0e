using FaceSearch.Application.Results;
using Microsoft.AspNetCore.Http.Metadata;

namespace FaceSearch.Api.Http.Problems;

/// <summary>The largest request body of an operation. The server stops reading at the limit.</summary>
/// <param name="Bytes">Of the whole body.</param>
/// <param name="Refusal">The error for a larger body.</param>
internal sealed record BodyLimit(long Bytes, Error Refusal) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => Bytes;
}
