using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Transfer;

namespace FaceSearch.Api.Collections;

/// <summary>The result of an import.</summary>
/// <param name="Model">The model of the embeddings.</param>
/// <param name="Faces">The number of faces added.</param>
/// <param name="Images">The number of pictures added.</param>
/// <param name="Persons">The number of persons added. Faces of a person whose name the collection had already were added to that person.</param>
/// <param name="Duplicates">The number of pictures skipped with their faces, because the collection had the same bytes already.</param>
/// <param name="ExternalIdConflicts">
/// The first 1,000 faces that were imported without their external id, because another face has it.
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
/// <param name="FaceId">The imported face.</param>
/// <param name="ExternalId">The external id in the export.</param>
/// <param name="EnrolledFaceId">
/// The face that has the external id. Null when the import stored both faces in one batch, as it can when an edited
/// export has an external id twice.
/// </param>
public sealed record ExternalIdConflictResponse(string FaceId, string ExternalId, string? EnrolledFaceId)
{
    internal static ExternalIdConflictResponse From(LostExternalId lost) => new(
        EntityId.Format(lost.FaceId), lost.ExternalId, lost.EnrolledFaceId is { } id ? EntityId.Format(id) : null);
}
