using System.ComponentModel.DataAnnotations;

namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>Section <c>Models</c>: where model files are looked for. Paths are relative to the content root.</summary>
public sealed class ModelsOptions
{
    public const string Section = "Models";

    /// <summary>Holds <c>models.json</c>; downloaded and unpacked files are written here.</summary>
    [Required]
    public string Directory { get; set; } = "dlib-models";

    /// <summary>Read-only folders that are searched in order before a download.</summary>
    public IReadOnlyList<string> Mirrors { get; set; } = [];

    /// <summary>False on a machine without network access: no address and no package manager is used.</summary>
    public bool Download { get; set; } = true;

    /// <summary>The timeout for connecting to an address.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The timeout while an address sends no data.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>For one file from one address.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan DownloadTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>For one package of a package manager, unpacking included.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PackageTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The program npm: a name to be found on the path, or where it is.</summary>
    [Required]
    public string Npm { get; set; } = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>The program apt-get, beside which <c>apt-config</c> is: a name to be found on the path, or where it is.</summary>
    [Required]
    public string AptGet { get; set; } = "apt-get";
}
