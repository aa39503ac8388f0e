namespace FaceSearch.Domain.Quality;

/// <summary>How well a face can be recognised, measured on its aligned crop and its landmarks.</summary>
/// <param name="Sharpness">Variance of the Laplacian of the crop's luminance; below about 35 a face is blurred.</param>
/// <param name="Brightness">Mean luminance of the crop, 0 to 255.</param>
/// <param name="Yaw">Degrees the head is turned, positive to the viewer's right; estimated from the landmarks.</param>
/// <param name="Pitch">
/// Degrees the head is raised, positive up; estimated from the landmarks, which move little with it: a head clearly
/// raised or lowered measures 8 to 20.
/// </param>
/// <param name="Roll">Degrees the head is tilted, positive clockwise as the viewer sees it.</param>
public sealed record FaceQuality(float Sharpness, float Brightness, float Yaw, float Pitch, float Roll);
