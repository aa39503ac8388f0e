using System.Globalization;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Search;

internal static class SearchErrors
{
    public static Error WrongLength(int length) => new(
        ErrorKind.Invalid, "wrong-embedding-length",
        $"The embedding has {length} values; the models of this server make {Embedding.StandardLength}.");

    public static Error WrongNorm(float norm, FaceModelTraits traits) => new(
        ErrorKind.Invalid, "wrong-embedding-norm",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The embedding has {Embedding.StandardLength} values and the Euclidean norm {norm:0.####}; embeddings of the collection's model have the norm {traits.EmbeddingNorm}."));

    public static Error ModelMismatch(string model) => new(
        ErrorKind.Conflict, "model-mismatch",
        $"The collection's embeddings are of model '{model}', and distances between models mean nothing. "
        + "Embed the face with that model.")
    {
        Facts = new Dictionary<string, object> { ["model"] = model },
    };
}
