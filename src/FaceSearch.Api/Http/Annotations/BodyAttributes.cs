namespace FaceSearch.Api.Http.Annotations;

/// <summary>A file as the multipart field 'file', or as the body itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal abstract class FileBodyAttribute(string[] rawTypes, params string[] files) : Attribute
{
    public IReadOnlyList<string> RawTypes => rawTypes;

    /// <summary>The content types of a file as a multipart field.</summary>
    public virtual IReadOnlyList<string> PartTypes => rawTypes;

    /// <summary>The multipart fields that hold the files, all of them required.</summary>
    public IReadOnlyList<string> Files => files is [] ? ["file"] : files;

    /// <summary>Alternative names of a file's field; they are not in the document.</summary>
    public virtual IReadOnlyList<string> OtherNames => [];

    /// <summary>Texts that may come as multipart fields beside the files.</summary>
    public string[] Fields { get; init; } = [];
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class PictureBodyAttribute()
    : FileBodyAttribute(Types)
{
    public static readonly string[] Types = ["image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp"];

    public override IReadOnlyList<string> OtherNames => ["image"];
}

/// <summary>Two pictures, as multipart fields only.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TwoPicturesBodyAttribute(string first, string second) : FileBodyAttribute([], first, second)
{
    public override IReadOnlyList<string> PartTypes => PictureBodyAttribute.Types;
}

[AttributeUsage(AttributeTargets.Method)]
internal sealed class ArchiveBodyAttribute() : FileBodyAttribute(["application/zip"]);
