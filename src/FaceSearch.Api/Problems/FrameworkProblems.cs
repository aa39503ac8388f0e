using FaceSearch.Application.Results;

namespace FaceSearch.Api.Problems;

/// <summary>Refusals that the framework writes by itself get a type and a detail like all others.</summary>
internal static class FrameworkProblems
{
    private static readonly Error NoRoute = new(
        ErrorKind.NotFound, "route-not-found", "There is nothing at this path. The paths are listed at /docs.");

    private static readonly Error NoMethod = new(
        ErrorKind.Invalid, "method-not-allowed", "The path does not take this method; the header 'Allow' lists those it takes.");

    private static readonly Error ContentType = new(
        ErrorKind.UnsupportedMedia, "unsupported-content-type",
        "The path does not take this Content-Type; those it takes are listed at /docs.");

    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Extensions["traceId"] = context.HttpContext.TraceIdentifier;
        if (problem.Type?.StartsWith(ProblemMapping.TypePrefix, StringComparison.Ordinal) is true)
            return;

        var known = problem.Status switch
        {
            StatusCodes.Status404NotFound => NoRoute,
            StatusCodes.Status405MethodNotAllowed => NoMethod,
            StatusCodes.Status412PreconditionFailed => CommonErrors.Changed,
            StatusCodes.Status415UnsupportedMediaType => ContentType,
            _ => ApiErrors.MalformedBody,
        };
        problem.Type = ProblemMapping.TypePrefix + known.Code;
        problem.Detail ??= known.Message;
    }
}
