namespace FaceSearch.SearchBenchmarks;

internal static class Checkout
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "FaceSearch.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("Run it from inside the checkout.");

        return folder.FullName;
    }
}
