namespace FaceSearch.Api.OpenApi;

/// <summary>A file as the multipart field 'file', or as the body itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal abstract class FileBodyAttribute(string[] rawTypes) : Attribute
{
    public IReadOnlyList<string> RawTypes => rawTypes;
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class PictureBodyAttribute()
    : FileBodyAttribute(["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"]);

[AttributeUsage(AttributeTargets.Method)]
internal sealed class ArchiveBodyAttribute() : FileBodyAttribute(["application/zip"]);

/// <summary>Statuses the operation refuses with, beside those every operation has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RefusesAttribute(params int[] statuses) : Attribute
{
    public IReadOnlyList<int> Statuses => statuses;
}
