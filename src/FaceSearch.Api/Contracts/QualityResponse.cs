using FaceSearch.Application.Faces;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Api.Contracts;

/// <summary>How well a face can be recognised.</summary>
/// <param name="Size">Pixels of the box's longer side.</param>
/// <param name="Sharpness">Variance of the Laplacian of the face's luminance at one scale; below about 35 it is blurred.</param>
/// <param name="Brightness">Mean luminance, 0 to 255.</param>
/// <param name="Yaw">Degrees the head is turned, positive to the viewer's right; an estimate.</param>
/// <param name="Pitch">Degrees the head is raised, positive up; a rough estimate.</param>
/// <param name="Roll">Degrees the head is tilted, positive clockwise as the viewer sees it.</param>
public sealed record QualityResponse(
    int Size, float Sharpness, float Brightness, float Yaw, float Pitch, float Roll)
{
    internal static QualityResponse? From(BoundingBox box, FaceQuality? quality) =>
        QualityDetails.Of(box, quality) is { } details
            ? new QualityResponse(
                details.Size, details.Sharpness, details.Brightness, details.Yaw, details.Pitch, details.Roll)
            : null;
}
