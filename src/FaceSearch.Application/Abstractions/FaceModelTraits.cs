using FaceSearch.Domain.Quality;

namespace FaceSearch.Application.Abstractions;

/// <summary>Values that were measured for one model and that other models do not share. See docs/engine.md.</summary>
/// <param name="NearDuplicateDistance">
/// Euclidean distance up to which two faces count as almost the same: mostly the same photograph, in another size or
/// crop. <c>Enrolment:NearDuplicateDistance</c> overrides it.
/// </param>
/// <param name="Quality">The thresholds of the quality levels.</param>
public sealed record FaceModelTraits(float NearDuplicateDistance, FaceQualityGate Quality);
