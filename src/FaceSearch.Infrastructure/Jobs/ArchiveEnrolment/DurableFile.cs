using System.Runtime.InteropServices;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>Files that are still there after a loss of power.</summary>
internal static partial class DurableFile
{
    /// <summary>Moves a file within a folder. Its bytes and its new name are on the disk afterwards.</summary>
    public static void Move(string from, string to)
    {
        using (var handle = File.OpenHandle(from, FileMode.Open, FileAccess.ReadWrite))
            RandomAccess.FlushToDisk(handle);

        File.Move(from, to);
        FlushFolder(Path.GetDirectoryName(to)!);
    }

    /// <summary>Writes the names in a folder to the disk. Windows does that by itself.</summary>
    /// <exception cref="IOException">The folder does not exist, or its disk fails.</exception>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;

        var descriptor = Open(folder, flags: 0);
        if (descriptor < 0)
            throw NewFailure();

        try
        {
            if (Flush(descriptor) < 0)
                throw NewFailure();
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException NewFailure() =>
        new($"The upload folder can't be flushed to the disk: error {Marshal.GetLastPInvokeError()}.");

    /// <summary>.NET opens no folders. Zero is O_RDONLY on every Unix.</summary>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
