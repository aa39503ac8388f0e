using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.Jobs.Reembedding;

/// <summary>The collection whose faces are embedded again, and the new model.</summary>
internal sealed record ReembeddingTarget(JobRun Run, long CollectionId, IFaceEncoder Encoder)
{
    public Guid JobId => Run.JobId;
}

/// <summary>A stored picture with those of its faces that the new model has not embedded yet.</summary>
internal sealed record StoredPicture(long ImageId, string FileName, long Bytes, IReadOnlyList<StoredFace> Faces);

internal sealed record StoredFace(long FaceId, BoundingBox Box);

/// <param name="Embeddings">By face id, without the faces that could not be embedded.</param>
/// <param name="Reason">Why a face is missing; null when none is.</param>
internal sealed record ReembeddedPicture(
    StoredPicture Picture, IReadOnlyDictionary<long, Embedding> Embeddings, string? Reason);
