using System.Text.Json.Serialization;
using FaceSearch.Api.Contracts;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Faces;
using FaceSearch.Application.Paging;

namespace FaceSearch.Api.Faces;

/// <summary>An enrolled face.</summary>
/// <param name="Person">The name of the person; null when the face has none.</param>
/// <param name="ExternalId">Your own name for the face, unique in the collection.</param>
/// <param name="Score">The detector's confidence.</param>
/// <param name="Quality">Null for a face that was enrolled before quality was measured.</param>
/// <param name="Model">The model that made the embedding.</param>
/// <param name="PictureNumber">The number in the picture's LFW-style file name.</param>
/// <param name="Embedding">The face as floats; only where it was asked for.</param>
/// <param name="Main">
/// Whether it is the picture's main face, a large one near its centre; only in the answer of the enrolment.
/// </param>
public sealed record FaceResponse(
    string FaceId,
    string ImageId,
    string Collection,
    string? Person,
    string? PersonId,
    string? ExternalId,
    IReadOnlyList<string> Tags,
    BoxResponse Box,
    float Score,
    QualityResponse? Quality,
    string Model,
    int? PictureNumber,
    DateTime AddedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<float>? Embedding = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Main = null)
{
    internal static FaceResponse From(string collection, FaceDetails face) => new(
        EntityId.Format(face.FaceId),
        EntityId.Format(face.ImageId),
        collection,
        face.Person,
        face.PersonId is { } personId ? EntityId.Format(personId) : null,
        face.ExternalId,
        face.Tags,
        BoxResponse.From(face.Box),
        face.Score,
        QualityResponse.From(face.Box, face.Quality),
        face.Model,
        face.PictureVersion,
        face.AddedAt,
        face.Embedding?.Values.ToArray());
}

/// <summary>A page of enrolled faces, oldest first.</summary>
/// <param name="Faces">Oldest first.</param>
/// <param name="NextCursor">Ask again with it as 'cursor' for the faces that follow; absent at the end.</param>
public sealed record FaceListResponse(
    [property: Limits(MaxItems = Page.MaxLimit)] IReadOnlyList<FaceResponse> Faces,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor = null)
{
    internal static FaceListResponse From(string collection, Page<FaceDetails> page) =>
        new([.. page.Items.Select(face => FaceResponse.From(collection, face))], page.NextCursor);
}
