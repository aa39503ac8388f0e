using FaceSearch.Application.Results;

namespace FaceSearch.Application.Detection;

public static class DetectionErrors
{
    public const string NoFaceCode = "no-face";

    public static readonly Error NoFace = new(
        ErrorKind.Unprocessable, NoFaceCode,
        "No face was found in the picture. Send one in which a face is upright, lit and at least 20 pixels wide.");
}
