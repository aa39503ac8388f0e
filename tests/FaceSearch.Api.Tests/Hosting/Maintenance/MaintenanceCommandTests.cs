using System.Security.Cryptography;
using System.Text.Json;
using FaceSearch.Api.Hosting.Maintenance;

namespace FaceSearch.Api.Tests.Hosting.Maintenance;

/// <summary>Commands of the server's program, without a running server.</summary>
internal sealed class MaintenanceCommandTests
{
    private string folder = null!;

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("facesearch-local-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task Migrate_MakesTheDatabase_AndAgainDoesNothing()
    {
        string[] migrate = ["migrate", "--provider", "Sqlite", "--connection", Path.Combine(folder, "faces.db"), "--json"];

        var dry = await RunJsonAsync([.. migrate, "--dry-run"]);
        var first = await RunJsonAsync(migrate);
        var second = await RunJsonAsync(migrate);

        var names = Names(dry, "applied");
        Assert.That(names, Has.Count.GreaterThanOrEqualTo(3));
        Assert.That(Names(first, "applied"), Is.EqualTo(names), "A dry run has changed nothing.");
        Assert.That(Names(second, "applied"), Is.Empty);
        Assert.That(Names(second, "appliedBefore"), Is.EqualTo(names));
    }

    [Test]
    public async Task Migrate_WithoutADatabaseServer_SaysSo_AndNoPassword()
    {
        var run = await RunInProcessAsync(
            "migrate", "--provider", "MySql", "--connection", "Server=127.0.0.1;Port=1;User ID=u;Password=pw-secret;Connection Timeout=1");

        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("database").And.Not.Contain("pw-secret"));
    }

    [Test]
    public async Task Models_AreFetched_AndVerified()
    {
        var bytes = RandomNumberGenerator.GetBytes(1000);
        WriteCatalogue(("yunet_n_dynamic.onnx", bytes), ("mobilefacenet.onnx", bytes));
        File.WriteAllBytes(Path.Combine(folder, "yunet_n_dynamic.onnx"), bytes);

        var missing = await RunAsync("models", "verify", "--profile", "mobile");
        Assert.That(missing.ExitCode, Is.EqualTo(3));
        Assert.That(States(missing.Json), Is.EqualTo(new[] { "ok", "missing" }));

        File.WriteAllBytes(Path.Combine(folder, "mobilefacenet.onnx"), [1, 2, 3]);
        var wrong = await RunAsync("models", "verify", "--profile", "mobile");
        Assert.That(wrong.ExitCode, Is.EqualTo(3));
        Assert.That(States(wrong.Json), Is.EqualTo(new[] { "ok", "wrongHash" }));
        var refused = await RunInProcessAsync("models", "fetch", "--profile", "mobile", "--directory", folder);
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(refused.Error, Does.Contain("mobilefacenet.onnx"));

        File.WriteAllBytes(Path.Combine(folder, "mobilefacenet.onnx"), bytes);
        Assert.That((await RunAsync("models", "verify", "--profile", "mobile")).ExitCode, Is.Zero);
        Assert.That((await RunAsync("models", "fetch", "--profile", "mobile")).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Verify_OfAnotherProfile_NeedsItsFiles()
    {
        var bytes = RandomNumberGenerator.GetBytes(10);
        WriteCatalogue(("yunet_n_dynamic.onnx", bytes), ("mobilefacenet.onnx", bytes), ("mmod_human_face_detector.dat", bytes));
        File.WriteAllBytes(Path.Combine(folder, "yunet_n_dynamic.onnx"), bytes);
        File.WriteAllBytes(Path.Combine(folder, "mobilefacenet.onnx"), bytes);

        Assert.That((await RunAsync("models", "verify", "--profile", "mobile")).ExitCode, Is.Zero);
        Assert.That((await RunAsync("models", "verify", "--profile", "dlib")).ExitCode, Is.EqualTo(3));
        Assert.That((await RunAsync("models", "verify", "--profile", "auto")).ExitCode, Is.Zero, "auto accepts mobile");
    }

    [TestCase(false)]
    [TestCase(false, "--Urls=http://localhost:1")]
    [TestCase(false, "--Urls", "http://localhost:1")]
    [TestCase(false, "/Urls=http://localhost:1")]
    [TestCase(false, "Urls=http://localhost:1")]
    [TestCase(true, "migrate")]
    [TestCase(true, "keys", "list")]
    [TestCase(true, "serve", "--Urls=http://localhost:1")]
    [TestCase(true, "--help")]
    public void Words_AreCommands_AndSettingsStartTheServer(bool isCommand, params string[] arguments) =>
        Assert.That(MaintenanceCommands.IsCommand(arguments), Is.EqualTo(isCommand));

    [TestCase("serve")]
    [TestCase("keys")]
    [TestCase("keys", "replace-admin")]
    [TestCase("keys", "list", "--all")]
    [TestCase("migrate", "--connection", "x")]
    [TestCase("migrate", "--provider", "1")]
    [TestCase("models", "verify", "--profile", "nix")]
    public async Task WrongUsage_IsTwo(params string[] arguments)
    {
        var run = await RunInProcessAsync(arguments);

        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Is.Not.Empty);
    }

    [Test]
    public async Task UnknownCommand_IsNamed_AndTheCommandsAreListed()
    {
        var run = await RunInProcessAsync("serve");

        Assert.That(run.Error, Does.Contain("'serve'").And.Contains("  migrate ").And.Contains("  models ").And.Contains("  keys "));
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunInProcessAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exitCode = await MaintenanceCommands.RunAsync(arguments, output, error);
        return (exitCode, output.ToString(), error.ToString());
    }

    private static List<string> Names(JsonElement result, string property) =>
        [.. result.GetProperty(property).EnumerateArray().Select(name => name.GetString()!)];

    private static IEnumerable<string?> States(JsonElement result) =>
        result.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("state").GetString());

    private static async Task<JsonElement> RunJsonAsync(params string[] arguments)
    {
        var run = await RunInProcessAsync(arguments);
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        return JsonSerializer.Deserialize<JsonElement>(run.Output);
    }

    private async Task<(int ExitCode, JsonElement Json)> RunAsync(params string[] arguments)
    {
        var run = await RunInProcessAsync([.. arguments, "--directory", folder, "--json"]);
        return (run.ExitCode, JsonSerializer.Deserialize<JsonElement>(run.Output));
    }

    private void WriteCatalogue(params (string File, byte[] Bytes)[] files)
    {
        var models = files.Select(file => new
        {
            file = file.File, bytes = file.Bytes.Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Bytes)), licence = "none", use = "none",
        });
        File.WriteAllText(Path.Combine(folder, "models.json"), JsonSerializer.Serialize(new { models }));
    }
}
