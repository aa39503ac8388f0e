using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Infrastructure.FaceEngine;

/// <summary>Section <c>Engine</c>: which networks run and what they may use.</summary>
public sealed class EngineOptions
{
    public const string Section = "Engine";

    /// <summary>
    /// The profile of new collections: a profile's name (<c>mobile</c>), a model's id, or <c>auto</c>: that of the
    /// default collection, or in a new database the best whose files are available.
    /// </summary>
    [Required]
    public string Profile { get; set; } = EngineProfile.Auto;

    /// <summary>Further profiles to keep loaded, names or model ids: for collections that were or will be made with them.</summary>
    public IReadOnlyList<string> OtherProfiles { get; set; } = [];

    /// <summary>
    /// Width times height of the largest picture that is decoded, by its header.
    /// </summary>
    [Range(1_000, 300_000_000)]
    public int MaxPixels { get; set; } = 40_000_000;

    /// <summary>
    /// The memory for pictures from decoding to embedding, in MB; null is half of what the machine, or the collector in a
    /// container, may have. What does not fit waits, requests at most 30 s; a picture that takes more than all of it is
    /// refused. A JPEG takes 3 bytes per pixel, a progressive one up to 9, a PNG mostly 4, a WebP 8; YuNet up to 110 MB.
    /// </summary>
    [Range(64, 1_000_000)]
    public int? MemoryMegabytes { get; set; }

    /// <summary>Settings of the profiles <c>dlib</c> and <c>dlib-densenet</c>.</summary>
    public DlibOptions Dlib { get; set; } = new();

    /// <summary>How many pictures are processed at once; 0 is one per core.</summary>
    [Range(0, 1024)]
    public int Concurrency { get; set; }
}

/// <summary>Section <c>Engine:Dlib</c>.</summary>
public sealed class DlibOptions
{
    /// <summary>
    /// <c>mmod</c>, dlib's own, or <c>yunet</c>: about eight times faster, and finds smaller faces. Null: for new
    /// collections mmod, with <c>auto</c> YuNet, or the other one when the first one's file is not available. A
    /// collection keeps its own.
    /// </summary>
    [RegularExpression("mmod|yunet")]
    public string? Detector { get; set; }

    /// <summary>
    /// How often the picture is doubled for mmod: 0 finds faces from about 70 pixels, 1 from about 35 at four times the
    /// cost. face_recognition's number_of_times_to_upsample.
    /// </summary>
    [Range(0, 2)]
    public int Upsample { get; set; }

    /// <summary>Makes mmod a third faster. Faces under about 96 pixels are not found.</summary>
    public bool SkipFullSize { get; set; }
}
