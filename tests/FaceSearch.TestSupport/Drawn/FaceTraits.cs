using SkiaSharp;

namespace FaceSearch.TestSupport.Drawn;

internal enum HairStyle
{
    Bald,
    Short,
    Fringe,
    Parted,
    Long,
    Curly,
}

internal enum Beard
{
    None,
    Moustache,
    Goatee,
    Full,
}

internal enum Glasses
{
    None,
    Round,
    Square,
}

/// <summary>
/// The traits of a drawn person, in the order in which the values are taken from the seed. Horizontal lengths are shares of
/// half the face's width, vertical ones of half its height, both from the middle of the face; y points down.
/// </summary>
internal sealed class FaceTraits(Random random)
{
    private static readonly SKColor[] Skins =
    [
        new(246, 214, 194), new(234, 192, 164), new(222, 172, 138), new(198, 142, 106), new(168, 114, 80), new(134, 90, 64), new(106, 72, 54),
    ];

    private static readonly SKColor[] Hairs =
    [
        new(28, 22, 20), new(66, 44, 28), new(112, 72, 40), new(158, 116, 66), new(206, 174, 118), new(150, 62, 34), new(120, 118, 118), new(206, 204, 200),
    ];

    private static readonly SKColor[] Irises =
        [new(70, 45, 25), new(40, 28, 22), new(66, 98, 132), new(120, 150, 168), new(78, 108, 74), new(116, 90, 52)];

    private static readonly SKColor[] ClothesColors =
        [new(40, 60, 110), new(120, 40, 40), new(60, 60, 60), new(210, 210, 205), new(50, 100, 70)];

    public SKColor Skin { get; } = Pick(random, Skins, 8);

    public SKColor HairColor { get; } = Pick(random, Hairs, 10);

    public SKColor Iris { get; } = Pick(random, Irises, 8);

    public SKColor Clothes { get; } = Pick(random, ClothesColors, 12);

    public HairStyle HairStyle { get; } = (HairStyle)random.Next(6);

    public Beard Beard { get; } = random.Next(2) == 0 ? Beard.None : (Beard)random.Next(1, 4);

    public Glasses Glasses { get; } = random.Next(10) < 7 ? Glasses.None : (Glasses)random.Next(1, 3);

    /// <summary>Of the picture's width.</summary>
    public float FaceWidth { get; } = Between(random, 0.38f, 0.46f);

    /// <summary>Of the picture's width.</summary>
    public float FaceHeight { get; } = Between(random, 0.53f, 0.62f);

    /// <summary>The chin's width; 1 is square.</summary>
    public float Jaw { get; } = Between(random, 0.60f, 1.0f);

    public float Forehead { get; } = Between(random, 0.88f, 1.02f);

    public float EyeY { get; } = Between(random, -0.22f, -0.04f);

    public float EyeDistance { get; } = Between(random, 0.39f, 0.52f);

    public float EyeWidth { get; } = Between(random, 0.17f, 0.26f);

    /// <summary>Of the eye's width.</summary>
    public float EyeOpening { get; } = Between(random, 0.34f, 0.68f);

    /// <summary>Degrees the outer corner is raised.</summary>
    public float EyeTilt { get; } = Between(random, -10, 0);

    /// <summary>The darkness of the skin around the eye, 0 to 1.</summary>
    public float EyeShadow { get; } = Between(random, 0.15f, 0.75f);

    public float LidLine { get; } = Between(random, 0.6f, 2.2f);

    public float BrowGap { get; } = Between(random, 0.12f, 0.24f);

    public float BrowThickness { get; } = Between(random, 0.02f, 0.085f);

    public float BrowLength { get; } = Between(random, 0.9f, 1.5f);

    /// <summary>Degrees the outer end is raised.</summary>
    public float BrowTilt { get; } = Between(random, -16, 18);

    public float BrowArch { get; } = Between(random, 0, 0.09f);

    /// <summary>From between the eyes, as a share of half their distance.</summary>
    public float NoseLength { get; } = Between(random, 1.10f, 1.42f);

    public float NoseWidth { get; } = Between(random, 0.15f, 0.30f);

    public float NoseBridge { get; } = Between(random, 0.05f, 0.14f);

    public float NoseShade { get; } = Between(random, 0.35f, 0.75f);

    /// <summary>From the nose to the mouth.</summary>
    public float MouthDrop { get; } = Between(random, 0.19f, 0.34f);

    public float MouthWidth { get; } = Between(random, 0.24f, 0.46f);

    public float UpperLip { get; } = Between(random, 0.02f, 0.075f);

    public float LowerLip { get; } = Between(random, 0.03f, 0.10f);

    /// <summary>How far the corners are raised.</summary>
    public float Smile { get; } = Between(random, -0.05f, 0.08f);

    /// <summary>How red the lips are, 0 to 1.</summary>
    public float LipRed { get; } = Between(random, 0, 1);

    /// <summary>How deep the folds from the nose to the mouth are, 0 to 1.</summary>
    public float Folds { get; } = Math.Max(0, Between(random, -0.6f, 0.9f));

    public float EyeBags { get; } = Math.Max(0, Between(random, -0.6f, 0.9f));

    public float ForeheadLines { get; } = Math.Max(0, Between(random, -1, 0.8f));

    /// <summary>How red the cheeks are, 0 to 1.</summary>
    public float Blush { get; } = Math.Max(0, Between(random, -0.8f, 0.7f));

    /// <summary>Where a mole is, if it is on the face.</summary>
    public SKPoint Mole { get; } = new(Between(random, -1.6f, 1.6f), Between(random, 0.05f, 0.7f));

    public float Hairline { get; } = Between(random, -0.72f, -0.48f);

    /// <summary>How far the hair goes down at the sides.</summary>
    public float HairLength { get; } = Between(random, 0.0f, 1.3f);

    /// <summary>1 is the head's own outline.</summary>
    public float HairVolume { get; } = Between(random, 1.08f, 1.32f);

    private static float Between(Random random, float low, float high) => low + (random.NextSingle() * (high - low));

    private static SKColor Pick(Random random, SKColor[] colors, int jitter)
    {
        var color = colors[random.Next(colors.Length)];
        return new SKColor(Near(color.Red), Near(color.Green), Near(color.Blue));

        byte Near(byte value) => (byte)Math.Clamp(value + random.Next(-jitter, jitter + 1), 0, 255);
    }
}
