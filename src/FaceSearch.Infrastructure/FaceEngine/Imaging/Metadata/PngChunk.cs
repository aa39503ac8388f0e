using System.Buffers.Binary;

namespace FaceSearch.Infrastructure.FaceEngine.Imaging.Metadata;

/// <summary>Walks over the headers of a PNG's chunks. Allocates nothing; its time is linear in the file.</summary>
internal static class PngChunk
{
    private const int Signature = 8, Frame = 12; // length, type, checksum

    /// <param name="type">Four letters: <c>eXIf</c>.</param>
    /// <returns>The data of the first chunk of the type; empty if there is none or it is cut off.</returns>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> png, ReadOnlySpan<byte> type)
    {
        var rest = png.Length < Signature ? [] : png[Signature..];
        while (rest.Length >= Frame)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (length > rest.Length - Frame)
                return [];

            if (rest[4..].StartsWith(type))
                return rest.Slice(8, (int)length);

            rest = rest[(Frame + (int)length)..];
        }

        return [];
    }
}
