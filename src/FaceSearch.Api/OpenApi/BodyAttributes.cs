namespace FaceSearch.Api.OpenApi;

/// <summary>A file as the multipart field 'file', or as the body itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal abstract class FileBodyAttribute(string[] rawTypes) : Attribute
{
    /// <summary>The multipart fields that hold files, all required.</summary>
    public string[] Files { get; init; } = ["file"];

    /// <summary>Multipart fields that hold text, all optional.</summary>
    public string[] TextFields { get; init; } = [];

    public IReadOnlyList<string> RawTypes => rawTypes;
}

/// <summary>A picture, whichever of the formats that are read; several named files can't be the body itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PictureBodyAttribute()
    : FileBodyAttribute(["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"]);

[AttributeUsage(AttributeTargets.Method)]
internal sealed class ArchiveBodyAttribute() : FileBodyAttribute(["application/zip"]);
