using System.Diagnostics.CodeAnalysis;
using System.Text;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Images;

namespace FaceSearch.TestSupport;

/// <summary>
/// An engine for tests of everything but the engine. Its pictures are lines of text, <c>FACES 1 7 7.1</c>: one face a
/// number, largest first; equal numbers are the same face, numbers that differ by d lie d apart. There is a second model,
/// whose embeddings have the number in another place; it overlooks the faces of a picture whose note says so.
/// </summary>
public sealed class StandInEncoders : IFaceEncoders, IFaceEncoder
{
    public const string ModelName = "stand-in-v1";

    public const string ProfileName = "stand-in";

    public const string SecondModelName = "stand-in-v2";

    /// <summary>In a picture's note: the second model finds no face in it.</summary>
    public const string HiddenFromSecond = "hidden from the second model";

    private const string Signature = "FACES";

    public string Model => ModelName;

    public IFaceEncoder Default => this;

    /// <summary>A picture with these faces. The note makes another file of the same faces.</summary>
    public static byte[] Picture(string note, params float[] faces) =>
        Encoding.UTF8.GetBytes($"{Signature} {string.Join(' ', faces.Select(f => f.ToString("R", null)))}#{note}");

    public static byte[] Picture(params float[] faces) => Picture(string.Empty, faces);

    public bool TryGet(string model, [NotNullWhen(true)] out IFaceEncoder? encoder)
    {
        encoder = model switch
        {
            ModelName => this,
            SecondModelName => new SecondModel(this),
            _ => null,
        };
        return encoder is not null;
    }

    public bool TryGetProfile(string profileOrModel, [NotNullWhen(true)] out IFaceEncoder? encoder) => TryGet(
        string.Equals(profileOrModel, ProfileName, StringComparison.OrdinalIgnoreCase) ? ModelName : profileOrModel,
        out encoder);

    /// <summary>Lets a test hold the engine's work back.</summary>
    public Func<Task> BeforeWork { get; set; } = () => Task.CompletedTask;

    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        await BeforeWork();
        return await Task.Run(work, ct);
    }

    public Result<DetectedPicture> Detect(ReadOnlyMemory<byte> picture, CancellationToken ct)
    {
        var text = Encoding.UTF8.GetString(picture.Span);
        if (!text.StartsWith(Signature, StringComparison.Ordinal))
            return new Error(ErrorKind.UnsupportedMedia, "not-a-picture", "Not a picture.");

        var numbers = text[Signature.Length..].Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!numbers.All(number => float.TryParse(number, out var value) && float.IsFinite(value)))
            return new Error(ErrorKind.UnsupportedMedia, "damaged-picture", "A damaged picture.");

        return new DetectedPicture(
            ImageFormat.Png, 640, 480, false, [.. numbers.Select((number, index) => Face(float.Parse(number), index))]);
    }

    public IReadOnlyList<Embedding> Embed(IReadOnlyList<FaceChip> chips) =>
        [.. chips.Select(chip => EmbeddingOf(BitConverter.ToSingle(chip.Rgb)))];

    public static Embedding EmbeddingOf(float number)
    {
        var values = new float[128];
        values[0] = number;
        return new Embedding(values);
    }

    public static Embedding SecondEmbeddingOf(float number)
    {
        var values = new float[128];
        values[1] = number;
        return new Embedding(values);
    }

    private static DetectedFace Face(float number, int index) => new(
        new BoundingBox(10 * index, 20, 100 - index, 100 - index),
        0.9f,
        new FaceLandmarks([]),
        new FaceChip(1, BitConverter.GetBytes(number)));

    private sealed class SecondModel(StandInEncoders first) : IFaceEncoder
    {
        public string Model => SecondModelName;

        public Result<DetectedPicture> Detect(ReadOnlyMemory<byte> picture, CancellationToken ct)
        {
            var detected = first.Detect(picture, ct);
            var isHidden = Encoding.UTF8.GetString(picture.Span).Contains(HiddenFromSecond, StringComparison.Ordinal);
            return detected.IsSuccess && isHidden ? detected.Value with { Faces = [] } : detected;
        }

        public IReadOnlyList<Embedding> Embed(IReadOnlyList<FaceChip> chips) =>
            [.. chips.Select(chip => SecondEmbeddingOf(BitConverter.ToSingle(chip.Rgb)))];
    }
}
