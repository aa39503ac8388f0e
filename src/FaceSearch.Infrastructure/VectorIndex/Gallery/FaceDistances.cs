using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.VectorIndex.Codes;

namespace FaceSearch.Infrastructure.VectorIndex.Gallery;

internal sealed class FaceDistances : IFaceDistances
{
    public void Measure(ReadOnlySpan<float> face, ReadOnlySpan<float> others, Span<double> squares)
    {
        for (var i = 0; i < squares.Length; i++)
            squares[i] = SquaredDistance.Between(face, others.Slice(i * face.Length, face.Length));
    }
}
