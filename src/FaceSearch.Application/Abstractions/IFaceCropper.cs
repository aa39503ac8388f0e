using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Application.Abstractions;

/// <summary>Cuts faces out of pictures for display. Thread-safe.</summary>
public interface IFaceCropper
{
    /// <inheritdoc cref="IFaceEncoder.Measure"/>
    PictureCost Measure(ReadOnlyMemory<byte> picture);

    /// <summary>
    /// The face with some of its surroundings, upright, as a square JPEG; at the picture's border the square moves
    /// inwards. CPU-bound: runs on the calling thread.
    /// </summary>
    /// <param name="picture">The bytes of the picture file.</param>
    /// <param name="box">Pixels of the upright picture.</param>
    /// <param name="size">Pixels of a side of the answer, above 0.</param>
    /// <returns>Errors: those of <see cref="IFaceEncoder.Detect"/>.</returns>
    Result<byte[]> Crop(ReadOnlyMemory<byte> picture, BoundingBox box, int size);
}
