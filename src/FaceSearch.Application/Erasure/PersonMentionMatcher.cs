using System.Text.Json;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Texts;

namespace FaceSearch.Application.Erasure;

/// <summary>Whether a stored JSON answer mentions a person, a face or a picture: by name or by an id.</summary>
internal sealed class PersonMentionMatcher(
    Person? erased, IReadOnlyCollection<long> faceIds, IReadOnlyCollection<long> imageIds)
{
    private readonly HashSet<string> faces = [.. faceIds.Select(EntityId.Format)];
    private readonly HashSet<string> images = [.. imageIds.Select(EntityId.Format)];
    private readonly string? name = FieldText.Normalize(erased?.Name);
    private readonly string? person = erased is null ? null : EntityId.Format(erased.Id);

    public bool AreIn(ReadOnlySpan<byte> json) => IsAnyIn(json, IsMention);

    /// <summary>Whether an answer's property <c>collection</c> has this name.</summary>
    public static bool NamesCollection(ReadOnlySpan<byte> json, string collection) =>
        IsAnyIn(json, (property, value) => property == "collection" && value == collection);

    private static bool IsAnyIn(ReadOnlySpan<byte> json, Func<string, string, bool> isMention)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var property = string.Empty;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                    property = reader.GetString()!;
                else if (reader.TokenType == JsonTokenType.String && isMention(property, reader.GetString()!))
                    return true;
            }

            return false;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Invalid JSON counts as a mention: the answer is deleted.
            return true;
        }
    }

    private bool IsMention(string property, string value) =>
        (name is not null && FieldText.Normalize(value) == name)
        || (Is(property, "faceId") && faces.Contains(value))
        || (Is(property, "imageId") && images.Contains(value))
        || (Is(property, "personId") && value == person)
        || (name is not null && Is(property, "name") && PictureName.Parse(value).Person == name);

    private static bool Is(string property, string field) => property.EndsWith(field, StringComparison.OrdinalIgnoreCase);
}
