using FaceSearch.Application.Abstractions;

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
public sealed record EngineResponse(
    string Profile, string Model, string Detector, EngineChoiceReason Reason, string? Better)
{
    internal static EngineResponse From(EngineChoice choice) =>
        new(choice.Profile, choice.Model, choice.Detector, choice.Reason, choice.Better);
}
