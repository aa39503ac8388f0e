using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Infrastructure.FaceEngine.Embeddings;

/// <summary>Turns chips into embeddings, scaled so that a Euclidean distance of 0.6 is its operating point. Thread-safe.</summary>
internal interface IFaceEmbedder
{
    /// <summary>One embedding per chip, in order.</summary>
    IReadOnlyList<Embedding> Embed(IReadOnlyList<FaceChip> chips);
}
