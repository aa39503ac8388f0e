using System.Buffers.Binary;
using FaceSearch.Domain.Faces;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace FaceSearch.Infrastructure.Persistence.Mapping;

/// <summary>
/// Embeddings are stored as little-endian 32-bit floats, on every machine. Invalid bytes are read as <see
/// cref="Embedding.Unreadable"/>: an exception would fail the whole query with all other rows.
/// </summary>
internal sealed class EmbeddingConverter()
    : ValueConverter<Embedding, byte[]>(embedding => ToBytes(embedding), bytes => FromBytes(bytes))
{
    private static byte[] ToBytes(Embedding embedding)
    {
        var bytes = new byte[embedding.Length * sizeof(float)];
        for (var i = 0; i < embedding.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), embedding.Values[i]);

        return bytes;
    }

    private static Embedding FromBytes(byte[] bytes)
    {
        var values = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
            if (!float.IsFinite(values[i]))
                return Embedding.Unreadable;
        }

        return values.Length == 0 || bytes.Length % sizeof(float) != 0 ? Embedding.Unreadable : new Embedding(values);
    }
}
