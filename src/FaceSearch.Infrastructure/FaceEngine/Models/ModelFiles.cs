using FaceSearch.Infrastructure.Startup;

namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>Reads model files that are translated at start.</summary>
internal static class ModelFiles
{
    /// <exception cref="StartException">The file can't be opened or is not in its format; the message names it.</exception>
    public static T Read<T>(string path, Func<ReadOnlyMemory<byte>, T> read)
    {
        try
        {
            return read(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            throw new StartException($"The model file {path} can't be used: {e.Message}");
        }
    }
}
