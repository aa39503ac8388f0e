using FaceSearch.TestSupport;

namespace FaceSearch.Cli.Tests.EndToEnd;

/// <summary>The built command line against a real server with drawn people. One server per fixture.</summary>
internal abstract class EndToEndTests
{
    protected const int Pictures = DrawnGallery.Pictures;

    protected const string Ada = "Drawn 000";

    protected const string Bea = "Drawn 001";

    protected RunningServer Server { get; private set; } = null!;

    /// <summary>A folder for this test; the command line also keeps its state there.</summary>
    protected string Folder { get; private set; } = null!;

    protected static string People => DrawnGallery.Folder;

    /// <summary>A picture of the first person, 1 to 3.</summary>
    protected static string PictureOfAda(int number) => DrawnGallery.File(0, number);

    [OneTimeSetUp]
    public async Task StartServer() => Server = await RunningServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopServer()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }

    protected string PictureWithoutAFace()
    {
        var file = Path.Combine(Folder, "moon.png");
        File.WriteAllBytes(file, DrawnPicture.Quarters(SkiaSharp.SKEncodedImageFormat.Png, 200, 200));
        return file;
    }

    [SetUp]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("facesearch-cli-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Folder, recursive: true);

    protected WatchedProcess Start(params string[] arguments) => CliProcess.Start(Server.Address, Server.Key, Folder, arguments);

    protected Task<WatchedProcess> RunAsync(params string[] arguments) => Start(arguments).EndAsync();

    /// <summary>Unique pictures for a test that shares its server, so that none is a duplicate of another test's.</summary>
    protected string CopyOf(string person, int count)
    {
        var target = Directory.CreateDirectory(Path.Combine(Folder, "pictures", person)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(People, person.Replace(' ', '_'))).Order(StringComparer.Ordinal).Take(count))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));

        return Path.GetDirectoryName(target)!;
    }
}
