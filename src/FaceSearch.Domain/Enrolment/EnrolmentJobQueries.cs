namespace FaceSearch.Domain.Enrolment;

/// <summary>Conditions on stored jobs.</summary>
public static class EnrolmentJobQueries
{
    /// <summary>The queued and the running jobs.</summary>
    public static IQueryable<EnrolmentJob> Unfinished(this IQueryable<EnrolmentJob> jobs) =>
        jobs.Where(job => job.State == EnrolmentJobState.Queued || job.State == EnrolmentJobState.Running);

    public static IQueryable<EnrolmentJob> Reembeddings(this IQueryable<EnrolmentJob> jobs) => jobs.Where(job =>
        job.Kind == EnrolmentJobKind.Reembedding || job.Kind == EnrolmentJobKind.ReembeddingOrRemoval);
}
