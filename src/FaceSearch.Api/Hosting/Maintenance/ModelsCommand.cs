using System.CommandLine;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Models.Store;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Hosting.Maintenance;

/// <summary><c>models</c>: the model files that the server needs, on this machine.</summary>
internal static class ModelsCommand
{
    private static readonly Option<string[]> Profiles = new("--profile")
    {
        Description = "The files of this engine profile; else of those configured",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Folder = new("--directory") { Description = "Where the files are kept; else as configured" };

    static ModelsCommand() => Profiles.AcceptOnlyFromAmong([.. EngineProfile.Names]);

    public static Command Build() => new("models", "Find, download or check the model files.")
    {
        new Command("fetch", "Find or download the files, and check their hashes.") { Profiles, Folder }.SetHandler(FetchAsync),
        new Command("verify", "Show where each file is and whether its hash is right; exit code 3 when a needed file is missing or wrong.") { Profiles, Folder }
            .SetHandler(VerifyAsync),
    };

    private static async Task<int> FetchAsync(CommandRun run)
    {
        await using var server = ServerServices.Build(run, SettingsOf(run));
        var chooser = server.Services.GetRequiredService<ProfileChooser>();
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var candidates in CandidatesOf(server.Services, run))
        {
            foreach (var (file, path) in (await chooser.FindBestAsync(candidates, run.Ct)).Files)
                found[file] = path;
        }

        var files = found.Select(file => new { file = file.Key, path = file.Value });
        run.Show(new { files }, list => TextTable.Of(["file", "found"], list.files.Select(file => new[] { file.file, file.path })));
        return ExitCode.Done;
    }

    private static async Task<int> VerifyAsync(CommandRun run)
    {
        await using var server = ServerServices.Build(run, SettingsOf(run));
        var reports = await server.Services.GetRequiredService<ModelStore>().VerifyAsync(run.Ct);
        var usable = reports.Where(report => IsUsable(report.State)).Select(report => report.File).ToHashSet();
        var needed = CandidatesOf(server.Services, run)
            .SelectMany(candidates => (candidates.FirstOrDefault(candidate => usable.IsSupersetOf(candidate.Files)) ?? candidates[0]).Files)
            .ToHashSet();
        var files = reports
            .Select(file => new VerifiedFile(file.File, needed.Contains(file.File), file.State, file.Path, file.Licence))
            .ToList();
        run.Show(new { files }, list => TextTable.Of(["file", "needed", "hash", "found"], list.files.Select(Row)));
        return needed.IsSubsetOf(usable) ? ExitCode.Done : ExitCode.Partial;
    }

    /// <summary>
    /// For each profile the models of its name, the best first. A server with a new database uses the first one that is
    /// available.
    /// </summary>
    private static IEnumerable<IReadOnlyList<EngineProfile>> CandidatesOf(IServiceProvider services, CommandRun run)
    {
        var options = services.GetRequiredService<IOptions<EngineOptions>>().Value;
        IEnumerable<string> names = run.Get(Profiles) is { Length: > 0 } asked ? asked : options.OtherProfiles.Prepend(options.Profile);
        return names.Select(name => EngineProfile.Candidates(name, options.Dlib));
    }

    private static bool IsUsable(ModelFileState state) => state is ModelFileState.Ok or ModelFileState.Packed;

    private static Dictionary<string, string?> SettingsOf(CommandRun run) =>
        run.Get(Folder) is { } folder ? new() { ["Models:Directory"] = folder } : [];

    private static string[] Row(VerifiedFile file)
    {
        var state = file.State switch
        {
            ModelFileState.Ok => "ok",
            ModelFileState.Packed => "ok, packed",
            ModelFileState.WrongHash => "wrong",
            _ => "missing",
        };
        return [file.File, file.Needed ? "yes" : "no", state, file.Path ?? "-"];
    }

    private sealed record VerifiedFile(string File, bool Needed, ModelFileState State, string? Path, string Licence);
}
