using Microsoft.Extensions.Primitives;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>A received picture and the text fields that came with it.</summary>
/// <param name="FileName">As the client gave it, without its folders; may be empty.</param>
/// <param name="Fields">By name in any letter case; empty when the picture is the body itself.</param>
public sealed record UploadedPicture(
    ReadOnlyMemory<byte> Bytes, string FileName, IReadOnlyDictionary<string, StringValues> Fields);
