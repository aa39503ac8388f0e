using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Quality;

namespace FaceSearch.TestSupport;

/// <summary>
/// A stand-in engine for tests. Its pictures are lines of text, <c>FACES 1 7 7.1</c>: one face per number, largest first;
/// equal numbers are the same face, and the distance of two faces is the difference of their numbers. The text may follow
/// the bytes of a real picture. A note changes the quality of faces: <c>#sharpness=3 yaw1=60</c> blurs
/// every face and turns the second away. There is a second model, whose embeddings have the number in another place; it
/// finds no faces in a picture whose note says so.
/// </summary>
public sealed class StandInEncoders : IFaceEncoders, IFaceEncoder
{
    public const string ModelName = "stand-in-v1";

    public const string ProfileName = "stand-in";

    public const string SecondModelName = "stand-in-v2";

    /// <summary>In a picture's note: the second model finds no face in it.</summary>
    public const string HiddenFromSecond = "hidden from the second model";

    /// <summary>Smaller distance and stricter thresholds than the first model's.</summary>
    public static readonly FaceModelTraits SecondModelTraits = new(
        0.1f, FaceQualityGate.Default with { Low = FaceQualityGate.Default.Medium });

    private const string Signature = "FACES";

    private const int Width = 640, Height = 480;

    public string Model => ModelName;

    /// <summary>Of the first model; a test may set others.</summary>
    public FaceModelTraits Traits { get; set; } = new(0.25f, FaceQualityGate.Default);

    public IFaceEncoder Default => this;

    public EngineChoice? Choice { get; set; } = new(ProfileName, ModelName, "text", EngineChoiceReason.Configured);

    public IReadOnlyList<RunningProfile> Profiles =>
        [new(ProfileName, ModelName, Traits), new("stand-in-2", SecondModelName, SecondModelTraits)];

    /// <summary>A picture with these faces. The note makes another file of the same faces.</summary>
    public static byte[] Picture(string note, params float[] faces) =>
        Encoding.UTF8.GetBytes($"{Signature} {string.Join(' ', faces.Select(f => f.ToString("R", null)))}#{note}");

    public static byte[] Picture(params float[] faces) => Picture(string.Empty, faces);

    /// <summary>A picture that can be decoded too.</summary>
    public static byte[] Picture(byte[] realPicture, string note, params float[] faces) =>
        [.. realPicture, .. Picture(note, faces)];

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

    /// <summary>Lets a test block the engine.</summary>
    public Func<Task> BeforeWork { get; set; } = () => Task.CompletedTask;

    /// <summary>Called for each detected face by its number: lets a test throw there.</summary>
    public Action<float> BeforeDetect { get; set; } = _ => { };

    /// <summary>Called for each embedded face by its number: lets a test throw there.</summary>
    public Action<float> BeforeEmbed { get; set; } = _ => { };

    public async Task<T> RunAsync<T>(Func<T> work, CancellationToken ct)
    {
        await BeforeWork().WaitAsync(ct);
        return await Task.Run(work, ct);
    }

    /// <summary>Called for each picture: lets a test refuse it for want of memory. A note <c>bytes=7</c> is the picture's.</summary>
    public Func<PictureCost, TimeSpan, Error?> Refuse { get; set; } = (_, _) => null;

    public async Task<Result<T>> RunAsync<T>(PictureCost cost, TimeSpan wait, Func<Result<T>> work, CancellationToken ct) =>
        Refuse(cost, wait) is { } error ? error : await RunAsync(work, ct);

    public PictureCost Measure(ReadOnlyMemory<byte> picture)
    {
        var bytes = (long)NotesOf(Encoding.UTF8.GetString(picture.Span)).GetValueOrDefault("bytes");
        return new PictureCost(Width * Height, bytes, bytes);
    }

    public Result<DetectedPicture> Detect(ReadOnlyMemory<byte> picture, CancellationToken ct)
    {
        var start = picture.Span.LastIndexOf(Encoding.UTF8.GetBytes(Signature));
        if (start < 0)
            return new Error(ErrorKind.UnsupportedMedia, "not-a-picture", "Not a picture.");

        var text = Encoding.UTF8.GetString(picture.Span[(start + Signature.Length)..]);
        var numbers = text.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!numbers.All(number => float.TryParse(number, out var value) && float.IsFinite(value)))
            return new Error(ErrorKind.UnsupportedMedia, "damaged-picture", "A damaged picture.");

        foreach (var number in numbers)
            BeforeDetect(float.Parse(number));

        return new DetectedPicture(
            ImageFormat.Png,
            Width,
            Height,
            false,
            [.. numbers.Select((number, index) => Face(float.Parse(number), index, NotesOf(text)))]);
    }

    public IReadOnlyList<Embedding> Embed(IReadOnlyList<FaceChip> chips) =>
        [.. chips.Select(chip => EmbeddingOf(Read(chip)))];

    private float Read(FaceChip chip)
    {
        var number = BitConverter.ToSingle(chip.Rgb);
        BeforeEmbed(number);
        return number;
    }

    public static Embedding EmbeddingOf(float number)
    {
        var values = new float[128];
        values[0] = number;
        return new Embedding(values);
    }

    /// <summary>As the row of an enrolled face.</summary>
    public static FaceEmbedding RowOf(float number) => RowOf(EmbeddingOf(number));

    public static FaceEmbedding RowOf(Embedding embedding) => new() { Model = ModelName, Embedding = embedding };

    public static FaceEmbedding SecondRowOf(long faceId, float number) =>
        new() { FaceId = faceId, Model = SecondModelName, Embedding = SecondEmbeddingOf(number) };

    public static Embedding SecondEmbeddingOf(float number)
    {
        var values = new float[128];
        values[1] = number;
        return new Embedding(values);
    }

    private static DetectedFace Face(float number, int index, Dictionary<string, float> notes)
    {
        var (x, y, size) = (270 + (10 * index), 190, (int)Noted("size", 100 - index));
        return new DetectedFace(
            new BoundingBox(x, y, size, size),
            Noted("score", 0.9f),
            new FaceLandmarks([new(x + 30, y + 40), new(x + 70, y + 40), new(x + 50, y + 60), new(x + 35, y + 80), new(x + 65, y + 80)]),
            new FaceChip(1, BitConverter.GetBytes(number)),
            new FaceQuality(
                Noted("sharpness", 500), Noted("brightness", 128), Noted("yaw", 0), Noted("pitch", 0), Noted("roll", 0)));

        float Noted(string name, float otherwise) =>
            notes.GetValueOrDefault($"{name}{index}", notes.GetValueOrDefault(name, otherwise));
    }

    private static Dictionary<string, float> NotesOf(string text) => text.Split('#')[^1]
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(note => note.Split('='))
        .Where(parts => parts.Length == 2 && float.TryParse(parts[1], CultureInfo.InvariantCulture, out _))
        .ToDictionary(parts => parts[0], parts => float.Parse(parts[1], CultureInfo.InvariantCulture));

    private sealed class SecondModel(StandInEncoders first) : IFaceEncoder
    {
        public string Model => SecondModelName;

        public FaceModelTraits Traits => SecondModelTraits;

        public PictureCost Measure(ReadOnlyMemory<byte> picture) => first.Measure(picture);

        public Result<DetectedPicture> Detect(ReadOnlyMemory<byte> picture, CancellationToken ct)
        {
            var detected = first.Detect(picture, ct);
            var isHidden = Encoding.UTF8.GetString(picture.Span).Contains(HiddenFromSecond, StringComparison.Ordinal);
            return detected.IsSuccess && isHidden ? detected.Value with { Faces = [] } : detected;
        }

        public IReadOnlyList<Embedding> Embed(IReadOnlyList<FaceChip> chips) =>
            [.. chips.Select(chip => SecondEmbeddingOf(first.Read(chip)))];
    }
}
