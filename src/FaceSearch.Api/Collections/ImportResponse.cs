using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Transfer;

namespace FaceSearch.Api.Collections;

/// <summary>What an import has added.</summary>
/// <param name="Model">The model of the embeddings.</param>
/// <param name="Faces">Faces added.</param>
/// <param name="Images">Pictures added.</param>
/// <param name="Persons">Persons added; those of the same name were there already and got the new faces.</param>
/// <param name="Duplicates">Pictures that were there already, byte for byte; they and their faces were skipped.</param>
/// <param name="ExternalIdConflicts">
/// The first 1,000 faces whose external id another face of the collection has: they were imported without it.
/// </param>
public sealed record ImportResponse(
    string Collection, string Model, long Faces, long Images, long Persons, long Duplicates,
    IReadOnlyList<ExternalIdConflictResponse> ExternalIdConflicts)
{
    internal static ImportResponse From(ImportResult result) => new(
        result.Collection,
        result.Model,
        result.Faces,
        result.Images,
        result.Persons,
        result.Duplicates,
        [.. result.Conflicts.Select(ExternalIdConflictResponse.From)]);
}

/// <summary>A face that was imported without its external id.</summary>
/// <param name="FaceId">The imported face, which has no external id now.</param>
/// <param name="EnrolledFaceId">The face that has it; null when it came in the same export.</param>
public sealed record ExternalIdConflictResponse(string FaceId, string ExternalId, string? EnrolledFaceId)
{
    internal static ExternalIdConflictResponse From(LostExternalId lost) => new(
        EntityId.Format(lost.FaceId), lost.ExternalId, lost.EnrolledFaceId is { } id ? EntityId.Format(id) : null);
}
