using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Application.Enrolment;

/// <summary>How pictures are enrolled. Section <c>Enrolment</c>.</summary>
public sealed class EnrolmentOptions
{
    public const string Section = "Enrolment";

    /// <summary>Store the original bytes of enrolled pictures in the database.</summary>
    public bool KeepPictures { get; set; } = true;

    /// <summary>The largest picture file, alone or in an archive, in bytes.</summary>
    [Range(1024, int.MaxValue)]
    public int MaxPictureBytes { get; set; } = 25_000_000;

    /// <summary>
    /// Euclidean distance up to which a new face counts as almost the same as an enrolled one: mostly the same
    /// photograph, in another size or crop. Null: the value measured for the collection's model (docs/engine.md).
    /// </summary>
    [Range(0.001, 1)]
    public float? NearDuplicateDistance { get; set; }

    /// <summary>The largest archive, in bytes.</summary>
    [Range(1024, long.MaxValue)]
    public long MaxArchiveBytes { get; set; } = 10_000_000_000;

    /// <summary>
    /// The largest number of entries of an archive or an export. Their directory may have 256 bytes per entry, so this
    /// also limits the memory that reading it takes.
    /// </summary>
    [Range(1, 10_000_000)]
    public int MaxArchiveEntries { get; set; } = 200_000;

    /// <summary>All files of an archive together, unpacked, in bytes.</summary>
    [Range(1024, long.MaxValue)]
    public long MaxUnpackedBytes { get; set; } = 50_000_000_000;

    /// <summary>
    /// How many times larger than the archive its files may be together. Pictures barely compress, so a large ratio is
    /// a zip bomb.
    /// </summary>
    [Range(2, 10_000)]
    public int MaxUnpackedRatio { get; set; } = 100;

    /// <summary>
    /// All pictures of an archive together, in pixels by their headers, in one attempt at its job; pictures that exceed it
    /// fail. A few bytes can claim 40 million pixels, which take a second or two. The default is 20 pixels per byte of the
    /// largest archive.
    /// </summary>
    [Range(1_000_000, long.MaxValue)]
    public long MaxArchivePixels { get; set; } = 200_000_000_000;

    /// <summary>
    /// The folder of uploaded archives; relative to the content root. Processes on one database must share it.
    /// </summary>
    [Required]
    public string UploadDirectory { get; set; } = "data/uploads";

    /// <summary>
    /// All files of the upload folder together, in bytes: archives that arrive, wait or are kept for a retry. Further
    /// archives are refused with <c>storage-full</c>.
    /// </summary>
    [Range(1024, long.MaxValue)]
    public long MaxUploadFolderBytes { get; set; } = 50_000_000_000;

    /// <summary>Pictures per database transaction of a bulk job.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 64;

    /// <summary>
    /// False for a process that only takes uploads: another one on the same database runs archives and re-embeddings.
    /// </summary>
    public bool RunJobs { get; set; } = true;

    /// <summary>
    /// The timeout in seconds after which another process takes over the job of an unresponsive process.
    /// </summary>
    [Range(1, 3600)]
    public int LeaseSeconds { get; set; } = 10;

    /// <summary>
    /// The timeout in seconds for a running job without progress, not even a single picture. Its attempt then counts as
    /// failed.
    /// </summary>
    [Range(1, 86_400)]
    public int ProgressTimeoutSeconds { get; set; } = 900;

    /// <summary>
    /// How long the archive of an incomplete job is kept for a retry, in hours; 0 keeps none. The archive of a job that
    /// enrolled everything is deleted at once.
    /// </summary>
    [Range(0, 8760)]
    public int KeepArchivesHours { get; set; } = 24;

    /// <summary>
    /// The encoding of names in archives that are neither marked as UTF-8 nor valid UTF-8: <c>IBM437</c> by the zip
    /// specification, <c>shift_jis</c> for old archives from Japan.
    /// </summary>
    [Required]
    public string ArchiveNameEncoding { get; set; } = "IBM437";
}
