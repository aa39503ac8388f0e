using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Infrastructure.FaceEngine.Alignment;
using FaceSearch.Infrastructure.FaceEngine.Imaging;
using FaceSearch.Infrastructure.FaceEngine.Landmarks;
using SkiaSharp;

namespace FaceSearch.ProfileBenchmarks.Quality;

/// <param name="Aligned">By the landmarks of the clean picture.</param>
/// <param name="Found">As the engine finds the main face of the degraded picture; null without a face.</param>
internal sealed record DegradedFace(Embedding Aligned, DetectedFace? Found, Embedding? FoundEmbedding);

/// <summary>The main face of a picture, clean and degraded in each way.</summary>
/// <param name="Degraded">In the order of <see cref="Degradation.All"/>.</param>
internal sealed record DegradedFaces(Embedding Clean, IReadOnlyList<DegradedFace> Degraded)
{
    private static readonly ImageDecoder Decoder = new(40_000_000);
    private static readonly SKPngEncoderOptions Fast = new(SKPngEncoderFilterFlags.NoFilters, 1);

    /// <summary>The first picture of each person; people without a found face are left out.</summary>
    /// <param name="find">Whether the degraded pictures are also searched for faces.</param>
    public static IReadOnlyList<DegradedFaces> Embed(
        IFaceEncoder encoder, string folder, IReadOnlyList<Person> people, bool find)
    {
        var faces = new DegradedFaces?[people.Count];
        Parallel.For(0, people.Count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
            faces[i] = Embed(encoder, File.ReadAllBytes(Path.Combine(folder, people[i].Pictures[0])), find));
        return [.. faces.OfType<DegradedFaces>()];
    }

    private static DegradedFaces? Embed(IFaceEncoder encoder, byte[] file, bool find)
    {
        if (MainFaces.Find(encoder.Detect(file, CancellationToken.None).Value) is not { } face)
            return null;

        using var picture = SKBitmap.Decode(file);
        return new DegradedFaces(
            encoder.Embed([face.Chip])[0], [.. Degradation.All.Select(degradation => Degrade(encoder, picture, face, degradation, find))]);
    }

    private static DegradedFace Degrade(
        IFaceEncoder encoder, SKBitmap picture, DetectedFace clean, Degradation degradation, bool find)
    {
        using var degraded = degradation.Apply(picture, clean.Box);
        using var pixels = degraded.PeekPixels();
        using var data = pixels.Encode(Fast);
        var png = data!.ToArray();
        using var image = Decoder.Decode(png).Value.Image;
        var aligned = encoder.Embed([Cut(image, clean.Landmarks, clean.Chip.Size)])[0];
        var found = find ? MainFaces.Find(encoder.Detect(png, CancellationToken.None).Value) : null;
        return new DegradedFace(aligned, found, found is null ? null : encoder.Embed([found.Chip])[0]);
    }

    /// <summary>The chip that these landmarks give.</summary>
    private static FaceChip Cut(RgbImage image, FaceLandmarks landmarks, int size)
    {
        if (size == FaceChipExtractor.Size)
            return new FaceChip(size, FaceChipExtractor.Extract(image, landmarks));

        var chip = new byte[size * size * 3];
        if (SimilarityTransform.Estimate(landmarks.Points, ArcFaceTemplate.Points) is { } toChip)
            ChipSampler.Sample(image, toChip.Invert(), chip, size);

        return new FaceChip(size, chip);
    }
}
