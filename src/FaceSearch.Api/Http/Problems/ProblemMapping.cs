using FaceSearch.Application.Results;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;

namespace FaceSearch.Api.Http.Problems;

/// <summary>Errors as RFC 9457 problem details: a stable type, a status, and a detail that says what to do.</summary>
internal static class ProblemMapping
{
    public const string TypePrefix = "urn:facesearch:problem:";

    public static ProblemDetails ToProblem(this Error error, HttpContext context) =>
        error.ToProblem(context, StatusOf(error.Kind));

    private static ProblemDetails ToProblem(this Error error, HttpContext context, int status)
    {
        var problem = new ProblemDetails
        {
            Type = TypePrefix + error.Code,
            Title = ProblemCatalogue.All.GetValueOrDefault(error.Code)?.Title ?? ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = error.Message,
        };
        if (error.Fields is not null)
            problem.Extensions["errors"] = error.Fields;
        foreach (var (name, value) in error.Facts ?? new Dictionary<string, object>())
            problem.Extensions[name] = value;

        if (error.Kind == ErrorKind.Unavailable)
            context.Response.Headers.RetryAfter = "5";
        problem.Extensions["traceId"] = context.TraceIdentifier;
        return problem;
    }

    /// <summary>The answer of a use case that succeeded, or its refusal as a problem.</summary>
    public static IActionResult ToActionResult<T>(
        this Result<T> result, HttpContext context, Func<T, IActionResult> answer) =>
        result.Error is { } error ? error.ToActionResult(context) : answer(result.Value);

    public static ObjectResult ToActionResult(this Error error, HttpContext context)
    {
        var problem = error.ToProblem(context);
        return new ObjectResult(problem)
        {
            StatusCode = problem.Status,
            ContentTypes = { "application/problem+json" },
        };
    }

    public static Task WriteAsync(this Error error, HttpContext context) =>
        error.WriteAsync(context, StatusOf(error.Kind));

    /// <summary>Ends without an exception when the client disconnects meanwhile.</summary>
    /// <param name="status">Replaces the default status of the error's kind.</param>
    public static Task WriteAsync(this Error error, HttpContext context, int status)
    {
        var problem = error.ToProblem(context, status);
        context.Response.StatusCode = status;
        // Only without a token of the caller's does it swallow the cancellation by a disconnected client.
        return context.Response.WriteAsJsonAsync(problem, options: null, contentType: "application/problem+json");
    }

    internal static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Unauthorized => StatusCodes.Status401Unauthorized,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.TooSlow => StatusCodes.Status408RequestTimeout,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.UnsupportedMedia => StatusCodes.Status415UnsupportedMediaType,
        ErrorKind.Unprocessable => StatusCodes.Status422UnprocessableEntity,
        ErrorKind.TooMany => StatusCodes.Status429TooManyRequests,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ErrorKind.Internal => StatusCodes.Status500InternalServerError,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
