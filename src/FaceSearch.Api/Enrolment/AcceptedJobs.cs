using FaceSearch.Application.Jobs;
using Microsoft.AspNetCore.Mvc;

namespace FaceSearch.Api.Enrolment;

internal static class AcceptedJobs
{
    /// <summary>202 with the job, its address and when to ask for it.</summary>
    public static AcceptedResult AcceptedJob(this ControllerBase controller, EnrolmentJobResult job)
    {
        controller.Response.Headers.RetryAfter = "1";
        return controller.Accepted($"/v1/jobs/{job.Job.Id}", EnrolmentJobResponse.From(job));
    }
}
