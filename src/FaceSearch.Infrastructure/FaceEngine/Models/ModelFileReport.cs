namespace FaceSearch.Infrastructure.FaceEngine.Models;

internal enum ModelFileState
{
    Ok = 1,

    /// <summary>There as the archive it is published as, and with the right hash: it is unpacked when it is needed.</summary>
    Packed,

    /// <summary>There is a file of that name, and it is another one; it is never opened.</summary>
    WrongHash,

    Missing,
}

/// <param name="Path">Where it is, whatever its state; null when it is nowhere.</param>
internal sealed record ModelFileReport(string File, ModelFileState State, string? Path, string Licence);
