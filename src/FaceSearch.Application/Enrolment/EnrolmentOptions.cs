using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Application.Enrolment;

/// <summary>How pictures are taken in. Section <c>Enrolment</c>.</summary>
public sealed class EnrolmentOptions
{
    public const string Section = "Enrolment";

    /// <summary>Store the original bytes of enrolled pictures in the database.</summary>
    public bool KeepPictures { get; set; } = true;

    /// <summary>The largest picture file, alone or in an archive, in bytes.</summary>
    [Range(1024, int.MaxValue)]
    public int MaxPictureBytes { get; set; } = 25_000_000;

    /// <summary>The largest archive, in bytes.</summary>
    [Range(1024, long.MaxValue)]
    public long MaxArchiveBytes { get; set; } = 10_000_000_000;

    [Range(1, 10_000_000)]
    public int MaxArchiveEntries { get; set; } = 200_000;

    /// <summary>All files of an archive together, unpacked, in bytes.</summary>
    [Range(1024, long.MaxValue)]
    public long MaxUnpackedBytes { get; set; } = 50_000_000_000;

    /// <summary>
    /// How many times larger than the archive its files may be together. Pictures barely compress, so a large ratio
    /// is an attack.
    /// </summary>
    [Range(2, 10_000)]
    public int MaxUnpackedRatio { get; set; } = 100;

    /// <summary>Where uploaded archives wait; relative to the content root.</summary>
    [Required]
    public string UploadDirectory { get; set; } = "data/uploads";

    /// <summary>Faces a database transaction of a bulk job.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 32;
}
