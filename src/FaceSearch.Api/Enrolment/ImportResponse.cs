using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Jobs;
using FaceSearch.Domain.Enrolment;

namespace FaceSearch.Api.Enrolment;

/// <summary>What an import has added so far.</summary>
/// <param name="FaceCount">Faces added.</param>
/// <param name="ImageCount">Pictures added: the job's 'inserted'.</param>
/// <param name="PersonCount">Persons added; those of the same name were there already and got the new faces.</param>
/// <param name="DuplicateCount">Pictures that were there already, byte for byte; they and their faces were skipped.</param>
/// <param name="ExternalIdConflictCount">
/// Faces whose external id another face of the collection had: they were imported without it.
/// </param>
/// <param name="ExternalIdConflicts">
/// The first 1,000 of them, without those whose external id no face has any more. Empty in a list of jobs.
/// </param>
public sealed record ImportResponse(
    long FaceCount, long ImageCount, long PersonCount, long DuplicateCount, long ExternalIdConflictCount,
    IReadOnlyList<ExternalIdConflictResponse> ExternalIdConflicts)
{
    internal static ImportResponse From(EnrolmentJob job, ImportResult result) => new(
        result.Faces,
        job.Inserted,
        result.Persons,
        job.Duplicates,
        result.Conflicts,
        [.. result.FirstConflicts.Select(ExternalIdConflictResponse.From)]);
}

/// <summary>A face that was imported without its external id.</summary>
/// <param name="FaceId">The imported face, which has no external id now.</param>
/// <param name="EnrolledFaceId">The face that has it.</param>
public sealed record ExternalIdConflictResponse(string FaceId, string ExternalId, string EnrolledFaceId)
{
    internal static ExternalIdConflictResponse From(LostExternalId lost) => new(
        EntityId.Format(lost.FaceId), lost.ExternalId, EntityId.Format(lost.EnrolledFaceId));
}
