using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Api.Engine;

/// <summary>The engine profile that new collections use.</summary>
/// <param name="Profile">The profile's name, for example <c>mobile</c>.</param>
/// <param name="Model">The id of the profile's model, for example <c>mobilefacenet-v1</c>.</param>
/// <param name="Detector">The face detector: <c>yunet</c>, <c>mmod</c> or <c>ultraface</c>.</param>
/// <param name="Reason">
/// <c>configured</c>: the setting <c>Engine:Profile</c> names the profile. <c>bestAvailable</c>: the database is new,
/// and the server chose the best profile whose files it has. <c>kept</c>: the collection 'default' was created with it.
/// </param>
/// <param name="Better">
/// The id of a better model whose files are on the server; null when there is none. To use that model, add the
/// id to <c>Engine:OtherProfiles</c>, restart the server and re-embed each collection.
/// </param>
/// <param name="Profiles">The profiles that a collection may be created with on this server, the default first.</param>
public sealed record EngineResponse(
    string Profile, string Model, string Detector, EngineChoiceReason Reason, string? Better,
    IReadOnlyList<ProfileResponse> Profiles)
{
    internal static EngineResponse From(EngineChoice choice, IReadOnlyList<RunningProfile> profiles) => new(
        choice.Profile, choice.Model, choice.Detector, choice.Reason, choice.Better,
        [.. profiles.Select(profile => ProfileResponse.From(profile, isDefault: profile.Model == choice.Model))]);
}

/// <summary>An engine profile that the server runs.</summary>
/// <param name="Profile">The profile's name; with a collection's creation or re-embedding.</param>
/// <param name="Model">The id of its model. A collection can be created with it too.</param>
/// <param name="IsDefault">Whether new collections use it unless they name another.</param>
/// <param name="EmbeddingLength">How many floats an embedding has.</param>
/// <param name="EmbeddingNorm">The Euclidean norm of each embedding; null when the model does not normalise.</param>
public sealed record ProfileResponse(
    string Profile, string Model, bool IsDefault, int EmbeddingLength, float? EmbeddingNorm)
{
    internal static ProfileResponse From(RunningProfile profile, bool isDefault) => new(
        profile.Name, profile.Model, isDefault, Embedding.StandardLength, profile.Traits.EmbeddingNorm);
}
