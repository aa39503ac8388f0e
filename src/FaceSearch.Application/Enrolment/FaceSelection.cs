using System.Diagnostics.CodeAnalysis;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Detection;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;

namespace FaceSearch.Application.Enrolment;

/// <summary>Which faces of a picture are to be enrolled.</summary>
public enum FacesToEnrol
{
    /// <summary>The one that is meant (<see cref="MainFace"/>); the others are refused.</summary>
    Main,

    /// <summary>The only one; a picture that shows several is refused.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "The API's word.")]
    Single,

    /// <summary>Every face.</summary>
    All,

    /// <summary>The same as <see cref="Main"/>, by the name that it had first.</summary>
    Largest,
}

/// <summary>A face of the picture that is not enrolled, and why.</summary>
public sealed record SkippedFace(DetectedFace Face, IReadOnlyList<RefusalReason> Reasons);

/// <summary>The faces of a picture that are good enough and asked for, and the others.</summary>
/// <param name="Refusal">Why there is nothing to enrol; null otherwise.</param>
internal sealed record FaceSelection(
    IReadOnlyList<DetectedFace> Chosen, IReadOnlyList<SkippedFace> Skipped, Error? Refusal)
{
    /// <param name="gate">Of the model that the faces are embedded with.</param>
    /// <param name="target">Chooses the face that overlaps it most; overrides the selection.</param>
    /// <returns>
    /// Refusals: <c>no-face</c>, <c>several-faces</c>, <c>no-face-in-target-box</c>, <c>low-quality</c> when no chosen
    /// face is good enough.
    /// </returns>
    public static FaceSelection Of(
        DetectedPicture picture,
        FacesToEnrol wanted,
        BoundingBox? target,
        FaceQualityGate gate,
        QualityLevel level)
    {
        var faces = picture.Faces;
        if (faces is [])
            return Refuse(DetectionErrors.NoFace);
        if (target is { } box)
            return faces.MaxBy(face => face.Box.OverlapWith(box)) is { } best && best.Box.OverlapWith(box) > 0
                ? Judge(faces, face => ReferenceEquals(face, best), RefusalReason.OutsideTargetBox, gate, level)
                : Refuse(EnrolmentErrors.NoFaceInTargetBox);
        if (wanted == FacesToEnrol.Single && faces.Count > 1)
            return Refuse(EnrolmentErrors.SeveralFaces(faces.Count));

        return Judge(
            faces,
            face => wanted == FacesToEnrol.All || ReferenceEquals(face, picture.Main),
            RefusalReason.ExceedsMaxFaces,
            gate,
            level);
    }

    private static FaceSelection Judge(
        IReadOnlyList<DetectedFace> faces,
        Func<DetectedFace, bool> isWanted,
        RefusalReason otherwise,
        FaceQualityGate gate,
        QualityLevel level)
    {
        var judged = faces
            .Select(face => new SkippedFace(face, isWanted(face)
                ? gate.Judge(level, face.Box.LongerSide, face.Score, face.Quality)
                : [otherwise]))
            .ToLookup(face => face.Reasons is []);
        SkippedFace[] skipped = [.. judged[false]];
        return judged[true].Any()
            ? new FaceSelection([.. judged[true].Select(face => face.Face)], skipped, null)
            : Refuse(EnrolmentErrors.LowQuality(level, skipped.First(face => isWanted(face.Face))));
    }

    private static FaceSelection Refuse(Error error) => new([], [], error);
}
