using System.Text.Json.Serialization;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Application.Collections;
using FaceSearch.Application.Paging;
using FaceSearch.Domain.Collections;

namespace FaceSearch.Api.Collections;

/// <summary>The collection to create.</summary>
/// <param name="Name">1 to 64 small letters, digits, '-' and '_', beginning with a letter or digit.</param>
/// <param name="Profile">An engine profile's name (<c>mobile</c>) or a model's id; the server's own by default.</param>
public sealed record CreateCollectionRequest(
    [property: Limits(Pattern = $"^{CollectionName.Expression}$", MaxLength = Collection.NameMaxLength)] string Name, string? Profile = null);

/// <summary>A named set of enrolled faces.</summary>
/// <param name="Model">The model that makes every embedding of the collection.</param>
/// <param name="FaceCount">How many faces are enrolled.</param>
/// <param name="PersonCount">How many persons are known.</param>
public sealed record CollectionResponse(string Name, string Model, int FaceCount, int PersonCount, DateTime CreatedAt)
{
    internal static CollectionResponse From(CollectionResult result) =>
        new(result.Name, result.Model, result.Faces, result.Persons, result.CreatedAt);
}

/// <summary>A page of collections, by name.</summary>
/// <param name="NextCursor">Ask again with it as 'cursor' for the collections that follow; absent at the end.</param>
public sealed record CollectionListResponse(
    [property: Limits(MaxItems = Page.MaxLimit)] IReadOnlyList<CollectionResponse> Collections,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor)
{
    internal static CollectionListResponse From(Page<CollectionResult> page) =>
        new([.. page.Items.Select(CollectionResponse.From)], page.NextCursor);
}
