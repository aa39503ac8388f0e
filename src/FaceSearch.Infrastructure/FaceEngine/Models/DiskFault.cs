namespace FaceSearch.Infrastructure.FaceEngine.Models;

/// <summary>The kind of a disk error. .NET has one exception for all kinds; the error number distinguishes them.</summary>
internal static class DiskFault
{
    /// <summary>No space, a quota or a limit on the size of a file: the next source would fail as well.</summary>
    public static bool IsFull(Exception e) => e switch
    {
        IOException when OperatingSystem.IsWindows() => (e.HResult & 0xFFFF) is 39 or 112,
        IOException => e.HResult is NoSpace or LinuxQuota or MacQuota,

        // What .NET makes of EFBIG, the limit on the size of a file.
        ArgumentOutOfRangeException { ParamName: "value" } => e.TargetSite?.DeclaringType == typeof(RandomAccess),
        _ => false,
    };

    /// <summary>Another process has the file open exclusively.</summary>
    public static bool IsHeld(IOException e) =>
        OperatingSystem.IsWindows() ? (e.HResult & 0xFFFF) is 32 or 33 : e.HResult is LinuxWouldBlock or MacWouldBlock;

    private const int NoSpace = 28;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
}
