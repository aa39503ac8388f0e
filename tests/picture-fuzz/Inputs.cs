using FaceSearch.TestSupport;

namespace FaceSearch.PictureFuzz;

/// <summary>The inputs of a run: each is a picture with a few mutations, and depends on the seed and its number alone.</summary>
internal sealed class Inputs(int seed)
{
    private const int MaxMutations = 3;

    private readonly (string Extension, byte[] Bytes)[] pictures = [.. Drawn.Pictures()];
    private readonly string[] photographs = SharedData.HasFaces
        ? [.. Directory.EnumerateFiles(SharedData.Face("odd")).Where(file => new FileInfo(file).Length < 300_000).Order(StringComparer.Ordinal)]
        : [];

    public string Extension(int number) => Choose(RandomOf(number)).Extension;

    public byte[] Make(int number)
    {
        var random = RandomOf(number);
        var picture = Choose(random).Bytes;
        for (var left = random.Next(1, MaxMutations + 1); left > 0 && picture.Length > 0; left--)
            picture = Mutations.Apply(picture, random);

        return picture;
    }

    private Random RandomOf(int number) => new((seed * 1_000_003) ^ number);

    private (string Extension, byte[] Bytes) Choose(Random random)
    {
        var index = random.Next(pictures.Length + (photographs.Length == 0 ? 0 : 2));
        if (index < pictures.Length)
            return pictures[index];

        var file = photographs[random.Next(photographs.Length)];
        return (Path.GetExtension(file), File.ReadAllBytes(file));
    }
}
