using FaceSearch.TestSupport;

namespace FaceSearch.Cli.Tests.EndToEnd;

/// <summary>Collections, persons, keys and calibration.</summary>
internal sealed class ManagementTests : EndToEndTests
{
    [Test]
    public async Task Collection_IsCreated_Filled_AndRemovedOnlyWhenConfirmed()
    {
        using var made = await RunAsync("collections", "create", "guests", "--json");
        Assert.That(made.Json.GetProperty("name").GetString(), Is.EqualTo("guests"), made.Error);
        using var import = await RunAsync("import", CopyOf(Ada, 3), "--collection", "guests", "--json");
        Assert.That(import.ExitCode, Is.Zero, import.Error);
        using var list = await RunAsync("collections", "list");
        Assert.That(list.Output, Does.Contain("guests").And.Contain("default"));

        using var search = await RunAsync("search", PictureOfAda(1), "-c", "guests", "--json");
        Assert.That(search.Json.GetProperty("faces")[0].GetProperty("matches").GetArrayLength(), Is.EqualTo(3));
        using var elsewhere = await RunAsync("search", PictureOfAda(1), "-c", "nowhere");
        Assert.That(elsewhere.Error, Does.Contain("urn:facesearch:problem:collection-not-found"));

        using var unasked = await RunAsync("collections", "remove", "guests");
        Assert.That(unasked.ExitCode, Is.EqualTo(2));
        Assert.That(unasked.Error, Does.Contain("--yes"));
        using var removed = await RunAsync("collections", "remove", "guests", "--yes");
        Assert.That(removed.ExitCode, Is.Zero, removed.Error);
        using var gone = await RunAsync("search", PictureOfAda(1), "-c", "guests");
        Assert.That(gone.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Persons_AreListed_Renamed_Merged_AndErased()
    {
        await RunAsync("collections", "create", "persons");
        CopyOf(Ada, 3);
        using var import = await RunAsync("import", CopyOf(Bea, 3), "-c", "persons", "--json");
        Assert.That(import.ExitCode, Is.Zero, import.Error);

        using var list = await RunAsync("persons", "list", "-c", "persons", "--json");
        var names = list.Json.GetProperty("persons").EnumerateArray().Select(person => person.GetProperty("name").GetString());
        Assert.That(names, Is.EquivalentTo(new[] { Ada, Bea }));

        using var renamed = await RunAsync("persons", "rename", Bea, "H. B.", "-c", "persons", "--json");
        Assert.That(renamed.Json.GetProperty("name").GetString(), Is.EqualTo("H. B."), renamed.Error);
        using var unknown = await RunAsync("persons", "rename", Bea, "X", "-c", "persons");
        Assert.That(unknown.Error, Does.Contain($"no person '{Bea}'"));

        using var merged = await RunAsync("persons", "merge", Ada, "H. B.", "-c", "persons", "--json");
        Assert.That(merged.Json.GetProperty("name").GetString(), Is.EqualTo(Ada), merged.Error);

        using var erased = await RunAsync("persons", "erase", Ada, "-c", "persons", "--yes", "--json");
        Assert.That(erased.Json.GetProperty("faceCount").GetInt32(), Is.EqualTo(6), erased.Error);
        using var erasedSearch = await RunAsync("search", PictureOfAda(1), "-c", "persons");
        Assert.That(erasedSearch.ExitCode, Is.EqualTo(3));
    }

    [Test]
    public async Task Key_IsIssued_Used_AndRevoked()
    {
        using var issued = await RunAsync("keys", "issue", "reader", "--scope", "search", "read", "--expires", "30d", "--json");
        Assert.That(issued.ExitCode, Is.Zero, issued.Error);
        var secret = issued.Json.GetProperty("secret").GetString()!;
        Assert.That(issued.Json.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()), Is.EqualTo(new[] { "search", "read" }));

        using var allowed = await CliProcess.Start(Server.Address, secret, Folder, "collections", "list").EndAsync();
        Assert.That(allowed.ExitCode, Is.Zero, allowed.Error);
        using var forbidden = await CliProcess.Start(Server.Address, secret, Folder, "keys", "list").EndAsync();
        Assert.That(forbidden.Error, Does.Contain("urn:facesearch:problem:forbidden"));

        using var list = await RunAsync("keys", "list");
        Assert.That(list.Output, Does.Contain("reader").And.Not.Contain(secret));
        using var revoked = await RunAsync("keys", "revoke", issued.Json.GetProperty("keyId").GetString()!);
        Assert.That(revoked.ExitCode, Is.Zero, revoked.Error);
        await Eventually.HoldsAsync(async () =>
        {
            using var late = await CliProcess.Start(Server.Address, secret, Folder, "collections", "list").EndAsync();
            return late.Error.Contains("unauthorized", StringComparison.Ordinal);
        });
    }

    [Test]
    public async Task QuietIssue_PrintsTheSecretAlone()
    {
        using var issued = await RunAsync("keys", "issue", "for-a-script", "--scope", "search", "--quiet");

        Assert.That(issued.Output.Trim(), Does.Match("^fs_[0-9a-f]+$"));
    }

    [Test]
    public async Task Collection_IsExportedAndImported()
    {
        await RunAsync("collections", "create", "leaving");
        using var import = await RunAsync("import", CopyOf(Ada, 3), "-c", "leaving", "--json");
        Assert.That(import.ExitCode, Is.Zero, import.Error);
        var file = Path.Combine(Folder, "leaving.zip");

        using var export = await RunAsync("export", file, "-c", "leaving", "--pictures", "--json");
        Assert.That(export.ExitCode, Is.Zero, export.Error);
        Assert.That(export.Json.GetProperty("bytes").GetInt64(), Is.EqualTo(new FileInfo(file).Length));
        using var careful = await RunAsync("export", file, "-c", "leaving");
        Assert.That(careful.Error, Does.Contain("--force"));

        using var restored = await RunAsync("import-collection", file, "-c", "restored", "--json");
        Assert.That(restored.ExitCode, Is.Zero, restored.Error);
        Assert.That(restored.Json.GetProperty("kind").GetString(), Is.EqualTo("import"));
        Assert.That(restored.Json.GetProperty("import").GetProperty("faceCount").GetInt32(), Is.EqualTo(3));
        using var again = await RunAsync("import-collection", file, "-c", "restored", "--json");
        Assert.That(again.Json.GetProperty("duplicates").GetInt32(), Is.EqualTo(3), again.Error);
        using var search = await RunAsync("search", PictureOfAda(1), "-c", "restored");
        Assert.That(search.ExitCode, Is.Zero);

        await using (var damaged = File.OpenWrite(file))
        {
            damaged.Position = 200;
            damaged.Write(new byte[50]);
        }

        using var refused = await RunAsync("import-collection", file, "-c", "refused");
        Assert.That(refused.ExitCode, Is.EqualTo(1));
        Assert.That(Directory.GetFiles(Folder, "*.part"), Is.Empty);
    }

    [Test]
    public async Task Calibration_DrawsTableAndHistogram()
    {
        await RunAsync("collections", "create", "calibrated");
        using var import = await RunAsync("import", People, "-c", "calibrated", "--json");
        Assert.That(import.Json.GetProperty("total").GetInt32(), Is.EqualTo(Pictures), import.Error);

        using var drawn = await RunAsync("calibrate", "-c", "calibrated", "--false-match-rate", "0.01");
        Assert.That(drawn.ExitCode, Is.Zero, drawn.Error);
        Assert.That(drawn.Output, Does.Contain("█").And.Contains("<- as wanted").And.Contains("<- the server's default"));

        using var json = await RunAsync("calibrate", "-c", "calibrated", "-f", "0.01", "--json");
        Assert.That(json.Json.GetProperty("wanted").GetProperty("falseMatchRate").GetDouble(), Is.LessThanOrEqualTo(0.01));
    }

    [Test]
    public async Task VerifyAndDetect_HaveExitCodes()
    {
        using var same = await RunAsync("verify", PictureOfAda(1), PictureOfAda(2));
        Assert.That((same.ExitCode, same.Output.Split(':')[0]), Is.EqualTo((0, "One person")), same.Error);
        using var different = await RunAsync("verify", PictureOfAda(1), DrawnGallery.File(1, 1), "--tolerance", "0.35");
        Assert.That((different.ExitCode, different.Output.Split(':')[0]), Is.EqualTo((3, "Two persons")), different.Error);

        using var face = await RunAsync("detect", PictureOfAda(1), "--json");
        Assert.That(face.ExitCode, Is.Zero, face.Error);
        Assert.That(face.Json.GetProperty("faces").GetArrayLength(), Is.EqualTo(1));
        using var none = await RunAsync("detect", PictureWithoutAFace());
        Assert.That(none.ExitCode, Is.EqualTo(3));
    }
}
