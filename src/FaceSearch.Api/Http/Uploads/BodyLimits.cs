using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Enrolment;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace FaceSearch.Api.Http.Uploads;

/// <summary>Gives every operation its <see cref="BodyLimit"/>: small, unless it takes pictures or an archive.</summary>
internal sealed class BodyLimits(EnrolmentOptions options) : IApplicationModelConvention
{
    /// <summary>Bytes of JSON or of a form without a file. An embedding of 1,024 floats takes 13 kB.</summary>
    public const int WithoutFile = 1 << 16;

    /// <summary>Bytes of a form around its files: boundaries, headers, text fields.</summary>
    public const int Form = 1 << 20;

    public void Apply(ApplicationModel application)
    {
        foreach (var action in application.Controllers.SelectMany(controller => controller.Actions))
        {
            var limit = LimitOf(action.Attributes.OfType<FileBodyAttribute>().SingleOrDefault());
            foreach (var selector in action.Selectors)
                selector.EndpointMetadata.Add(limit);
        }
    }

    private BodyLimit LimitOf(FileBodyAttribute? body) => body switch
    {
        null => new BodyLimit(WithoutFile, ApiErrors.BodyLargerThan(WithoutFile)),
        ArchiveBodyAttribute => OfFiles(1, options.MaxArchiveBytes),
        _ => OfFiles(body.Files.Count, options.MaxPictureBytes),
    };

    private static BodyLimit OfFiles(int files, long bytes) =>
        new(Math.Min(bytes, (long.MaxValue - Form) / files) * files + Form, ApiErrors.TooLarge(bytes));
}
