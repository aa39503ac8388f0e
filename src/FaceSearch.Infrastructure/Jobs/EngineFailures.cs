using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.Jobs;

/// <summary>Unexpected exceptions of the engine. They fail the picture that they belong to, not its job.</summary>
internal static partial class EngineFailures
{
    /// <summary>False for errors of the machine, which would hit every other picture as well. Looks at inner exceptions too.</summary>
    public static bool IsOfPicture(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is OutOfMemoryException or OperationCanceledException or ObjectDisposedException or DbException
                or TypeInitializationException or DllNotFoundException)
                return false;
        }

        return true;
    }

    [LoggerMessage(EventId = 3020, Level = LogLevel.Warning, Message = "The engine failed on a picture of job {JobId}; the picture fails")]
    public static partial void LogPictureFailed(this ILogger logger, Exception exception, Guid jobId);
}
