using System.Text.Json.Serialization;

namespace FaceSearch.Client;

/// <summary>A property that is null here stays as it is in the face; <see cref="Nulls"/> says what is to become null.</summary>
public partial record ChangeFaceRequest
{
    /// <summary>What is taken away: <c>new ChangeFaceRequest { Nulls = { ["person"] = null } }</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, object?> Nulls { get; init; } = new Dictionary<string, object?>();
}
