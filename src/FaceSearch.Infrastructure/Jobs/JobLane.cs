namespace FaceSearch.Infrastructure.Jobs;

/// <summary>The jobs that one worker of a process takes, one after the other.</summary>
internal enum JobLane
{
    /// <summary>Work on many pictures, which needs the engine. A job without progress fails after some attempts.</summary>
    Long = 1,

    /// <summary>Duties that callers wait for. They are retried until they are done.</summary>
    Short = 2,
}
