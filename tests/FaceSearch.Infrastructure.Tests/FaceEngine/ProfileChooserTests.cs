using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Models;
using FaceSearch.Infrastructure.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Moq;

namespace FaceSearch.Infrastructure.Tests.FaceEngine;

/// <summary>The profile that a database gets and keeps, and the better one that is reported. No file is opened.</summary>
internal sealed class ProfileChooserTests
{
    private const string Mobile = "mobilefacenet-v1";
    private const string ResNetMmod = "dlib-resnet-v1";
    private const string ResNetYuNet = "dlib-resnet-yunet-v1";

    private static readonly string[] MobileFiles = ["yunet_n_dynamic.onnx", "mobilefacenet.onnx"];
    private static readonly string[] ResNetFiles = ["shape_predictor_5_face_landmarks.dat", "dlib_face_recognition_resnet_model_v1.dat"];
    private static readonly string[] ResNetMmodFiles = [.. ResNetFiles, "mmod_human_face_detector.dat"];
    private static readonly string[] ResNetYuNetFiles = [.. ResNetFiles, "yunet_n_dynamic.onnx"];

    private string root;
    private LogLines log;

    [SetUp]
    public void CreateFolder()
    {
        root = Directory.CreateTempSubdirectory("facesearch-test-").FullName;
        log = new LogLines();
        var files = EngineProfile.All(new DlibOptions()).SelectMany(profile => profile.Files).Distinct();
        var models = files.Select(file => new { file, bytes = file.Length, sha256 = Hash(file), licence = "none", use = "none" });
        File.WriteAllText(Path.Combine(root, "models.json"), JsonSerializer.Serialize(new { models }));
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(root, recursive: true);

    private static IEnumerable<TestCaseData> NewDatabases()
    {
        yield return Case([.. MobileFiles, .. ResNetMmodFiles], Mobile, "yunet");
        yield return Case([.. ResNetMmodFiles, "yunet_n_dynamic.onnx"], ResNetYuNet, "yunet");
        yield return Case(ResNetMmodFiles, ResNetMmod, "mmod");

        static TestCaseData Case(string[] files, string model, string detector) =>
            new TestCaseData(files, model, detector).SetArgDisplayNames(model);
    }

    [TestCaseSource(nameof(NewDatabases))]
    public async Task Auto_NewDatabase_TakesTheBestAvailable(string[] files, string model, string detector)
    {
        Put(files);

        var chosen = await ChooseAsync(new EngineOptions(), PinnedModels.None);

        Assert.That(chosen.Choice.Model, Is.EqualTo(model));
        Assert.That(chosen.Choice.Detector, Is.EqualTo(detector));
        Assert.That(chosen.Choice.Reason, Is.EqualTo(EngineChoiceReason.BestAvailable));
        Assert.That(chosen.Choice.Better, Is.Null);
        Assert.That(log.Lines, Has.Exactly(1).EqualTo(
            $"Engine profile {chosen.Choice.Profile}, model {model}, detector {detector}: the best whose files are available"));
    }

    [Test]
    public async Task Auto_NothingAvailable_OneLineNamesTheModelsAndTheFirstFile()
    {
        var refusal = await RefusalAsync(new EngineOptions(), PinnedModels.None);

        var candidates = EngineProfile.Candidates("auto", new DlibOptions());
        Assert.That(refusal, Does.StartWith(
            $"None of the models {string.Join(", ", candidates.Select(candidate => candidate.Model))} is available. "
            + $"The model files {string.Join(", ", candidates[0].Files)} are missing"));
        Assert.That(refusal, Does.Not.Contain("\n"));
    }

    // The detector is part of the choice: the database keeps mmod although YuNet's file is now available.
    [Test]
    public async Task Auto_DatabaseOfAnotherModel_KeepsItAndReportsTheBetterOne()
    {
        Put([.. MobileFiles, .. ResNetMmodFiles]);

        var chosen = await ChooseAsync(new EngineOptions(), Pinned(ResNetMmod));

        Assert.That(chosen.Choice, Is.EqualTo(new EngineChoice("dlib", ResNetMmod, "mmod", EngineChoiceReason.Kept, Mobile)));
        Assert.That(log.Lines, Has.Exactly(1).StartsWith($"A better model than {ResNetMmod} is available: {Mobile}. To move, add {Mobile} to Engine:OtherProfiles"));
    }

    [Test]
    public async Task Auto_NothingBetterHere_SaysNothingOfIt()
    {
        Put(ResNetMmodFiles);

        var chosen = await ChooseAsync(new EngineOptions(), Pinned(ResNetMmod));

        Assert.That(chosen.Choice.Better, Is.Null);
        Assert.That(log.Lines, Has.None.Contains("better"));
    }

    [Test]
    public async Task Auto_FilesOfTheDatabasesModelMissing_FailsAndTakesNoOther()
    {
        Put(MobileFiles);

        Assert.That(
            await RefusalAsync(new EngineOptions(), Pinned(ResNetMmod)),
            Does.Match($"^The database was made with the model {ResNetMmod} \\(profile dlib\\)\\. The model files .* are missing .* name it in Engine:Profile\\.$"));
    }

    [Test]
    public async Task Auto_ModelOfTheDatabaseIsUnknown_SaysSo()
    {
        Put(MobileFiles);

        Assert.That(
            await RefusalAsync(new EngineOptions(), Pinned("of-tomorrow-v9")),
            Does.StartWith("The database was made with the model of-tomorrow-v9, which this version does not know"));
    }

    [Test]
    public async Task Auto_TheSettingsExcludeTheDatabasesDetector_SaysWhichSetting()
    {
        Put([.. MobileFiles, .. ResNetYuNetFiles]);
        var options = new EngineOptions { Dlib = new DlibOptions { Detector = "mmod" } };

        Assert.That(
            await RefusalAsync(options, Pinned(ResNetYuNet)),
            Does.StartWith($"The database was made with the model {ResNetYuNet}, which Engine:Dlib:Detector=mmod excludes."));
    }

    [Test]
    public async Task Auto_CollectionsOfOtherModels_AreLoadedWhereTheirFilesAreHere()
    {
        Put([.. MobileFiles, .. ResNetYuNetFiles]);

        var chosen = await ChooseAsync(new EngineOptions(), Pinned(Mobile, ResNetYuNet, ResNetMmod));

        Assert.That(chosen.Others.Select(other => other.Profile.Model), Is.EqualTo(new[] { ResNetYuNet }));
        Assert.That(log.Lines, Has.Exactly(1).StartsWith($"Collections are pinned to the model {ResNetMmod}, which is not loaded"));
    }

    [Test]
    public async Task Named_FilesMissing_IsNotReplaced()
    {
        Put(ResNetMmodFiles);

        Assert.That(
            await RefusalAsync(new EngineOptions { Profile = "mobile" }, PinnedModels.None),
            Does.StartWith("The model files yunet_n_dynamic.onnx, mobilefacenet.onnx are missing"));
    }

    [Test]
    public async Task Named_DatabaseOfAnotherProfile_IsStillTheNamedOne()
    {
        Put([.. MobileFiles, .. ResNetMmodFiles]);

        var chosen = await ChooseAsync(new EngineOptions { Profile = "dlib" }, Pinned(Mobile));

        Assert.That(chosen.Choice, Is.EqualTo(new EngineChoice("dlib", ResNetMmod, "mmod", EngineChoiceReason.Configured)));
        Assert.That(chosen.Others, Is.Empty);
        Assert.That(log.Lines, Has.Exactly(1).StartsWith($"Collections are pinned to the model {Mobile}, which is not loaded"));
    }

    [Test]
    public async Task Named_DetectorNotNamed_IsThatOfTheDatabase()
    {
        Put([.. ResNetMmodFiles, "yunet_n_dynamic.onnx"]);

        var chosen = await ChooseAsync(new EngineOptions { Profile = "dlib" }, Pinned(ResNetYuNet));

        Assert.That(chosen.Choice.Model, Is.EqualTo(ResNetYuNet));
    }

    // Created by a version that had one id for both detectors.
    [Test]
    public async Task Named_YuNetAndADatabaseOfTheOldId_KeepsIdAndDetector()
    {
        Put(ResNetYuNetFiles);
        var options = new EngineOptions { Profile = "dlib", Dlib = new DlibOptions { Detector = "yunet" } };

        var chosen = await ChooseAsync(options, Pinned(ResNetMmod));

        Assert.That(chosen.Choice, Is.EqualTo(new EngineChoice("dlib", ResNetMmod, "yunet", EngineChoiceReason.Configured)));
    }

    [Test]
    public async Task OtherProfiles_NameOrModel_AreLoadedOnce()
    {
        Put([.. MobileFiles, .. ResNetMmodFiles]);
        var options = new EngineOptions { OtherProfiles = ["mobile", "dlib", ResNetMmod] };

        var chosen = await ChooseAsync(options, PinnedModels.None);

        Assert.That(chosen.Choice.Model, Is.EqualTo(Mobile));
        Assert.That(chosen.Others.Select(other => other.Profile.Model), Is.EqualTo(new[] { ResNetMmod }));
    }

    private async Task<string> RefusalAsync(EngineOptions options, PinnedModels pinned) =>
        (await Assert.ThrowsAsync<StartException>(() => ChooseAsync(options, pinned)))!.Message;

    private static PinnedModels Pinned(params string[] models) => new(models[0], models);

    private async Task<ChosenProfiles> ChooseAsync(EngineOptions options, PinnedModels pinned)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(Mock.Of<IHostEnvironment>(host => host.ContentRootPath == root))
            .AddFaceEngine(new ConfigurationBuilder().Build())
            .AddSingleton(Options.Create(options))
            .AddSingleton(Options.Create(new ModelsOptions { Directory = root, Download = false }))
            .AddSingleton<ILogger<ProfileChooser>>(log)
            .BuildServiceProvider();
        return await services.GetRequiredService<ProfileChooser>().ChooseAsync(pinned, CancellationToken.None);
    }

    private void Put(params IEnumerable<string> files)
    {
        foreach (var file in files)
            File.WriteAllText(Path.Combine(root, file), file);
    }

    private static string Hash(string content) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    private sealed class LogLines : ILogger<ProfileChooser>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
