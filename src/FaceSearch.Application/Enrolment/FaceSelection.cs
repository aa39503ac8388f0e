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

/// <summary>Which of the enrolled faces of a picture get the name that the caller or the file gives.</summary>
public enum PersonFor
{
    /// <summary>The main face; of one face that the caller has chosen, that face.</summary>
    Main,

    /// <summary>All of them.</summary>
    All,
}

/// <summary>The faces of a picture that are good enough and asked for, and the others.</summary>
/// <param name="Known">Those that are enrolled already, also when they are not asked for.</param>
/// <param name="Refusal">Why there is nothing to enrol; null otherwise.</param>
internal sealed record FaceSelection(
    IReadOnlyList<DetectedFace> Chosen, IReadOnlyList<KnownFace> Known, IReadOnlyList<SkippedFace> Skipped, Error? Refusal)
{
    /// <param name="known">The picture as the collection has it; null when it does not.</param>
    /// <param name="gate">Of the model that the faces are embedded with.</param>
    /// <param name="target">Chooses the face that overlaps it most; overrides the selection.</param>
    /// <returns>
    /// Refusals: <c>no-face</c>, <c>several-faces</c>, <c>no-face-in-target-box</c>, <c>low-quality</c> when no
    /// wanted face is good enough, <c>duplicate-picture</c> when all wanted faces are enrolled.
    /// </returns>
    public static FaceSelection Of(
        DetectedPicture picture,
        KnownPicture? known,
        FacesToEnrol wanted,
        BoundingBox? target,
        FaceQualityGate gate,
        QualityLevel level)
    {
        if (picture.Faces is [])
            return Refuse(DetectionErrors.NoFace);
        if (wanted == FacesToEnrol.Single && picture.Faces.Count > 1 && target is null)
            return Refuse(EnrolmentErrors.SeveralFaces(picture.Faces.Count));

        var one = target is { } box ? FindAt(picture, box) : picture.Main;
        return one is null
            ? Refuse(EnrolmentErrors.NoFaceInTargetBox)
            : Judge(
                picture,
                known,
                face => wanted == FacesToEnrol.All || ReferenceEquals(face, one),
                target is null ? RefusalReason.ExceedsMaxFaces : RefusalReason.OutsideTargetBox,
                gate,
                level);
    }

    private static DetectedFace? FindAt(DetectedPicture picture, BoundingBox target)
    {
        var best = picture.Faces.MaxBy(face => face.Box.OverlapWith(target))!;
        return best.Box.OverlapWith(target) >= FaceMatching.MinOverlap ? best : null;
    }

    private static FaceSelection Judge(
        DetectedPicture picture,
        KnownPicture? known,
        Func<DetectedFace, bool> isWanted,
        RefusalReason otherwise,
        FaceQualityGate gate,
        QualityLevel level)
    {
        var enrolled = known?.FindIn(picture) ?? [];
        var judged = picture.Faces
            .Where(face => !enrolled.Any(same => ReferenceEquals(same.Face, face)))
            .Select(face => new SkippedFace(face, isWanted(face)
                ? gate.Judge(level, face.Box.LongerSide, face.Score, face.Quality)
                : [otherwise]))
            .ToLookup(face => face.Reasons is []);
        SkippedFace[] skipped = [.. judged[false]];
        if (judged[true].Any())
            return new FaceSelection([.. judged[true].Select(face => face.Face)], enrolled, skipped, null);

        return skipped.FirstOrDefault(face => isWanted(face.Face)) is { } refused
            ? Refuse(EnrolmentErrors.LowQuality(level, refused))
            : Refuse(EnrolmentErrors.Duplicate(known!.ImageId, enrolled.First(face => isWanted(face.Face)).FaceId));
    }

    private static FaceSelection Refuse(Error error) => new([], [], [], error);
}
