namespace FaceSearch.Domain.Enrolment;

/// <summary>The state of a job; the last three are final.</summary>
public enum EnrolmentJobState
{
    Queued = 1,
    Running = 2,
    Succeeded = 3,
    Failed = 4,
    Cancelled = 5,
}
