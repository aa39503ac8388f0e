using System.Text.Json.Nodes;

namespace FaceSearch.Api.Http.Problems.Table;

/// <summary>The additional members of the problems, with an example of each.</summary>
internal static class ProblemFacts
{
    public static readonly ProblemFact Errors = new(
        "errors", "What is wrong by field.", new JsonObject { ["limit"] = new JsonArray("limit is a whole number from 1 to 500.") });

    public static readonly ProblemFact Parameter = new(
        "parameter", "The parameter, form field or JSON member that the call does not take.", "tolerence");

    public static readonly ProblemFact Nearest = new(
        "nearest", "What the call takes, by the name most like it.", "tolerance");

    public static readonly ProblemFact FaceId = new("faceId", "The enrolled face that conflicts.", "17");

    public static readonly ProblemFact ImageId = new("imageId", "The enrolled picture that conflicts.", "12");

    public static readonly ProblemFact PersonId = new("personId", "The person that has the name already.", "4");

    public static readonly ProblemFact Distance = new("distance", "The distance of the enrolled face.", 0.04);

    public static readonly ProblemFact JobId = new(
        "jobId", "The job that stopped.", "0199c7a2-6f0e-7d4b-9a53-1c2f4be0a7d1");

    public static readonly ProblemFact Inserted = new("inserted", "Faces that the job had enrolled by then.", 127);

    public static readonly ProblemFact Model = new("model", "The model that the collection is of.", "mobilefacenet-v1");

    public static readonly ProblemFact Entry = new("entry", "The file of the archive that was refused.", "faces.ndjson");

    public static readonly ProblemFact Faces = new("faceCount", "How many faces the picture shows.", 3);

    public static readonly ProblemFact Reasons = new(
        "reasons", "Why the face is of too low quality.",
        new JsonArray("small-bounding-box", "low-sharpness"));

    public static readonly ProblemFact Quality = new(
        "quality", "How well a face can be recognised.",
        new JsonObject
        {
            ["size"] = 24, ["sharpness"] = 12.5, ["brightness"] = 91.2, ["yaw"] = 4.1, ["pitch"] = -2.7, ["roll"] = 1.3,
        });
}
