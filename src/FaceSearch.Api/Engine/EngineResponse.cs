using FaceSearch.Application.Abstractions;

namespace FaceSearch.Api.Engine;

/// <summary>The engine profile of new collections.</summary>
/// <param name="Profile">The engine profile's name: <c>mobile</c>.</param>
/// <param name="Model">The model's id, as collections and answers carry it: <c>mobilefacenet-v1</c>.</param>
/// <param name="Detector">The face detector: <c>yunet</c>, <c>mmod</c>, <c>ultraface</c>.</param>
/// <param name="Reason">
/// <c>configured</c>: <c>Engine:Profile</c> names it. <c>bestAvailable</c>: the database was new, and it is the best
/// profile whose files are available. <c>kept</c>: the collection 'default' was made with it.
/// </param>
/// <param name="Better">
/// The id of a better model whose files are on the server; null when there is none. To move, add it to
/// <c>Engine:OtherProfiles</c>, restart the server and re-embed each collection.
/// </param>
public sealed record EngineResponse(
    string Profile, string Model, string Detector, EngineChoiceReason Reason, string? Better)
{
    internal static EngineResponse From(EngineChoice choice) =>
        new(choice.Profile, choice.Model, choice.Detector, choice.Reason, choice.Better);
}
