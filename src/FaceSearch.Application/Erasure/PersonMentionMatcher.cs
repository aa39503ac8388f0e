using System.Text.Json;
using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Erasure;

/// <summary>Whether a stored JSON answer mentions a person: by name, by a picture's name or by an id.</summary>
internal sealed class PersonMentionMatcher(
    string name, long personId, IReadOnlyCollection<long> faceIds, IReadOnlyCollection<long> imageIds)
{
    private readonly HashSet<string> faces = [.. faceIds.Select(EntityId.Format)];
    private readonly HashSet<string> images = [.. imageIds.Select(EntityId.Format)];
    private readonly string person = EntityId.Format(personId);

    public bool AreIn(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var property = string.Empty;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                    property = reader.GetString()!;
                else if (reader.TokenType == JsonTokenType.String && IsMention(property, reader.GetString()!))
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
        value == name
        || (Is(property, "faceId") && faces.Contains(value))
        || (Is(property, "imageId") && images.Contains(value))
        || (Is(property, "personId") && value == person)
        || (Is(property, "name") && PictureName.Parse(value).Person == name);

    private static bool Is(string property, string field) => property.EndsWith(field, StringComparison.OrdinalIgnoreCase);
}
