namespace FaceSearch.Domain.Faces;

/// <summary>A facial point in pixels of the upright picture.</summary>
public readonly record struct Landmark(float X, float Y);

/// <summary>
/// The facial points a model aligns by, in the order of that model: YuNet gives right eye, left eye, nose tip,
/// right and left corner of the mouth (right and left as the person's own); dlib gives 5 or 68 points.
/// </summary>
public sealed record FaceLandmarks(IReadOnlyList<Landmark> Points);
