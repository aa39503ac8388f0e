using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>Section <c>Models</c>: where model files are looked for. Paths are relative to the content root.</summary>
public sealed class ModelsOptions
{
    public const string Section = "Models";

    /// <summary>Holds <c>models.json</c>; files that are downloaded or unpacked land here.</summary>
    [Required]
    public string Directory { get; set; } = "dlib-models";

    /// <summary>Folders that are read only, asked in order before anything is downloaded.</summary>
    public IReadOnlyList<string> Mirrors { get; set; } = [];

    /// <summary>False on a machine that may not reach out.</summary>
    public bool Download { get; set; } = true;

    /// <summary>For one file.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan DownloadTimeout { get; set; } = TimeSpan.FromMinutes(10);
}
