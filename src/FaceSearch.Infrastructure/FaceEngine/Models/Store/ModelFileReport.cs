namespace FaceSearch.Infrastructure.FaceEngine.Models.Store;

internal enum ModelFileState
{
    Ok = 1,

    /// <summary>The compressed archive is present, with the right hash. It is unpacked when needed.</summary>
    Packed,

    /// <summary>A file of that name has a wrong hash; it is never opened.</summary>
    WrongHash,

    Missing,
}

/// <param name="Path">The file's path in any state; null when it is missing.</param>
internal sealed record ModelFileReport(string File, ModelFileState State, string? Path, string Licence);
