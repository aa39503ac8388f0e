namespace FaceSearch.Api.Http.Problems.Table;

/// <summary>The problems of pictures and their faces.</summary>
internal static class PictureProblems
{
    public static readonly ProblemTopic Topic = new("Pictures",
        Note: "In /v1/verify `picture` says which of the two was refused: `first` or `second`.",
    [
        new("missing-file", 400, "There is no file in the request", "Send the multipart field `file`, or the picture as the body."),
        new("unsupported-content-type", 415, "The call does not take this Content-Type", "Send `multipart/form-data` or `image/*`."),
        new("file-too-large", 413, "The file is too large", "Send a smaller file."),
        new("too-many-pixels", 413, "The picture has too many pixels", "Scale the picture down."),
        new("empty-picture", 400, "The file is empty", "Send the bytes of a picture."),
        new("not-a-picture", 415, "Not a picture that can be read (JPEG, PNG, WebP, GIF or BMP)",
            "Convert it to one of these formats."),
        new("damaged-picture", 415, "The picture is cut off or broken", "Send it whole."),
        new("no-face", 422, "No face was found", "Send a picture in which a face is upright, lit and large enough."),
        new("duplicate-picture", 409, "The picture is enrolled already", "`faceId` and `imageId` name it.",
            ProblemFacts.FaceId, ProblemFacts.ImageId),
        new("several-faces", 422, "There are several faces",
            "`faces=single` asks for a picture of one face: crop it, give `targetBox`, or ask for `main` or `all`.",
            ProblemFacts.Faces),
        new("no-face-in-target-box", 422, "No face overlaps the target box",
            "Give `targetBox` as x,y,width,height in pixels of the upright picture."),
        new("low-quality", 422, "The face is too small, blurred, dark, bright or turned away",
            "`reasons` tells what is wrong: send a better picture, or ask for less with `quality`.",
            ProblemFacts.Reasons, ProblemFacts.Quality),
        new("near-duplicate", 409, "Nearly the same face is enrolled already",
            "`faceId` names it, `distance` tells how near; `nearDuplicates=warn` enrols it anyway.",
            ProblemFacts.FaceId, ProblemFacts.Distance),
        new("external-id-taken", 409, "Another face has this external id", "`faceId` names it.", ProblemFacts.FaceId),
        new("picture-not-kept", 404, "The picture is not kept", "The server is set to keep no pictures (`Enrolment:KeepPictures`)."),
        new("image-not-found", 404, "There is no such picture", "Use an id that adding or searching has answered."),
    ]);

    /// <summary>The names of <see cref="Domain.Quality.RefusalReason"/> in the API.</summary>
    public static readonly IReadOnlyList<KnownReason> FaceReasons =
    [
        new("small-bounding-box", "The face has too few pixels", "Come closer or send a larger picture."),
        new("low-sharpness", "The face is out of focus, moved, or enlarged from few pixels", "Hold still, or focus on the face."),
        new("low-brightness", "The face is too dark", "More light from the front helps."),
        new("high-brightness", "The face is too bright", "Less light, or a shorter exposure, helps."),
        new("extreme-pose", "The face is turned too far to a side, up or down", "Look into the camera; a tilted head is accepted."),
        new("low-confidence", "The detector's confidence is low", "Remove what covers the face."),
        new("exceeds-max-faces", "Another face is the main face, and only that was asked for"),
        new("outside-target-box", "Another face overlaps the target box more"),
        new("near-duplicate", "Almost the same face is enrolled, and near duplicates are refused"),
    ];
}
