using FaceSearch.TestSupport;

namespace FaceSearch.Cli.Tests.EndToEnd;

/// <summary>The built command line against a real server with real photographs. One server a fixture.</summary>
internal abstract class EndToEndTests
{
    protected const int Photographs = 372;

    protected RunningServer Server { get; private set; } = null!;

    /// <summary>A folder of the test's own, where the command line also keeps its state.</summary>
    protected string Folder { get; private set; } = null!;

    protected static string Lfw => SharedData.Face("lfw");

    protected static string Ashanti(int number) => SharedData.Face($"lfw/Ashanti/Ashanti_{number:D4}.jpg");

    [OneTimeSetUp]
    public async Task StartServer() => Server = await RunningServer.StartAsync();

    [OneTimeTearDown]
    public async Task StopServer()
    {
        if (Server is not null)
            await Server.DisposeAsync();
    }

    [SetUp]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("facesearch-cli-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Folder, recursive: true);

    protected CliProcess Start(params string[] arguments) => CliProcess.Start(Server.Address, Server.Key, Folder, arguments);

    protected Task<CliProcess> RunAsync(params string[] arguments) => Start(arguments).EndAsync();

    /// <summary>Pictures of their own for a test that shares its server, so that none is a duplicate of another test's.</summary>
    protected string CopyOf(string person, int count)
    {
        var target = Directory.CreateDirectory(Path.Combine(Folder, "pictures", person)).FullName;
        foreach (var file in Directory.GetFiles(SharedData.Face($"lfw/{person}")).Order(StringComparer.Ordinal).Take(count))
            File.Copy(file, Path.Combine(target, Path.GetFileName(file)));

        return Path.GetDirectoryName(target)!;
    }
}
