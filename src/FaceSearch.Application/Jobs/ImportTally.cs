using System.Text.Json;
using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Application.Jobs;

/// <summary>
/// What an import has stored, in addition to the job's counts of pictures. The job's row has it as JSON, with ids only:
/// an external id may identify a person, who may be erased.
/// </summary>
/// <param name="Conflicts">Faces that were stored without their external ids.</param>
/// <param name="First">The first <see cref="MaxConflicts"/> of them.</param>
public sealed record ImportTally(long Faces, long Persons, long Conflicts, IReadOnlyList<ConflictingFaces> First)
{
    public const int MaxConflicts = 1000;

    public static ImportTally Empty { get; } = new(0, 0, 0, []);

    public static ImportTally Of(EnrolmentJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Result is { } json ? JsonSerializer.Deserialize<ImportTally>(json) ?? Empty : Empty;
    }

    public ImportTally Add(long faces, IReadOnlyCollection<ConflictingFaces> conflicts) => this with
    {
        Faces = Faces + faces,
        Conflicts = Conflicts + conflicts.Count,
        First = [.. First, .. conflicts.Take(MaxConflicts - First.Count)],
    };

    public string ToJson() => JsonSerializer.Serialize(this);
}

/// <param name="FaceId">The imported face, without its external id.</param>
/// <param name="HolderId">The face that has the external id.</param>
public sealed record ConflictingFaces(long FaceId, long HolderId);
