using System.Text.Json.Serialization;

namespace FaceSearch.Client;

/// <summary>A null property does not change the face; <see cref="Nulls"/> names the properties to set to null.</summary>
public partial record ChangeFaceRequest
{
    /// <summary>The properties to set to null: <c>new ChangeFaceRequest { Nulls = { ["person"] = null } }</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, object?> Nulls { get; init; } = new Dictionary<string, object?>();
}
