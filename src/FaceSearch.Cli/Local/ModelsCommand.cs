using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Output;
using FaceSearch.Infrastructure.FaceEngine;
using FaceSearch.Infrastructure.FaceEngine.Models.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Spectre.Console;

namespace FaceSearch.Cli.Local;

/// <summary><c>facesearch models</c>: the model files that the server needs, on this machine.</summary>
internal static class ModelsCommand
{
    private static readonly Option<string[]> Profiles = new("--profile")
    {
        Description = $"The files of this engine profile ({string.Join(", ", EngineProfile.Names)}); else of those configured",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Folder = new("--directory") { Description = "Where the files are kept; else as configured" };

    static ModelsCommand() => Profiles.AcceptOnlyFromAmong([.. EngineProfile.Names]);

    public static Command Build(CommandEnvironment environment) => new("models", "Maintain the server's model files, on this machine.")
    {
        new Command("fetch", "Find or download the files, and check their hashes.") { Profiles, Folder }
            .SetHandler(environment, context => LocalServices.ExplainAsync(() => FetchAsync(context))),
        new Command("verify", "Show where each file is and whether its hash is right; exit code 3 when a needed file is missing or wrong.") { Profiles, Folder }
            .SetHandler(environment, context => LocalServices.ExplainAsync(() => VerifyAsync(context))),
    };

    private static async Task<int> FetchAsync(CommandContext context)
    {
        using var host = LocalServices.Build(context.Terminal, SettingsOf(context));
        var chooser = host.Services.GetRequiredService<ProfileChooser>();
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var candidates in CandidatesOf(host.Services, context))
        {
            foreach (var (file, path) in (await chooser.FindBestAsync(candidates, context.Ct)).Files)
                found[file] = path;
        }

        var files = found.Select(file => new { file = file.Key, path = file.Value });
        context.Terminal.Show(new { files }, list =>
        {
            var table = Tables.New("file", "found");
            foreach (var file in list.files)
                table.Add(file.file, file.path);
            return table;
        });
        return ExitCode.Done;
    }

    private static async Task<int> VerifyAsync(CommandContext context)
    {
        using var host = LocalServices.Build(context.Terminal, SettingsOf(context));
        var reports = await host.Services.GetRequiredService<ModelStore>().VerifyAsync(context.Ct);
        var usable = reports.Where(report => IsUsable(report.State)).Select(report => report.File).ToHashSet();
        var needed = CandidatesOf(host.Services, context)
            .SelectMany(candidates => (candidates.FirstOrDefault(candidate => usable.IsSupersetOf(candidate.Files)) ?? candidates[0]).Files)
            .ToHashSet();
        var files = reports
            .Select(file => new VerifiedFile(file.File, needed.Contains(file.File), file.State, file.Path, file.Licence))
            .ToList();
        context.Terminal.Show(new { files }, list => Draw(list.files));
        return needed.IsSubsetOf(usable) ? ExitCode.Done : ExitCode.Partial;
    }

    /// <summary>
    /// For each profile the models of its name, the best first. A server with a new database uses the first one that is
    /// available.
    /// </summary>
    private static IEnumerable<IReadOnlyList<EngineProfile>> CandidatesOf(IServiceProvider services, CommandContext context)
    {
        var options = services.GetRequiredService<IOptions<EngineOptions>>().Value;
        IEnumerable<string> names = context.Get(Profiles) is { Length: > 0 } asked ? asked : options.OtherProfiles.Prepend(options.Profile);
        return names.Select(name => EngineProfile.Candidates(name, options.Dlib));
    }

    private static bool IsUsable(ModelFileState state) => state is ModelFileState.Ok or ModelFileState.Packed;

    private static Dictionary<string, string?> SettingsOf(CommandContext context) =>
        context.Get(Folder) is { } folder ? new() { ["Models:Directory"] = folder } : [];

    private static Table Draw(IReadOnlyList<VerifiedFile> files)
    {
        var table = Tables.New("file", "needed", "hash", "found");
        foreach (var file in files)
        {
            var (state, colour) = file.State switch
            {
                ModelFileState.Ok => ("ok", Color.Green),
                ModelFileState.Packed => ("ok, packed", Color.Green),
                ModelFileState.WrongHash => ("wrong", Color.Red),
                _ => ("missing", file.Needed ? Color.Red : Color.Default),
            };
            table.AddRow(
                new Text(file.File), new Text(file.Needed ? "yes" : "no"), new Text(state, new Style(colour)), new Text(file.Path ?? "-"));
        }

        return table;
    }

    private sealed record VerifiedFile(string File, bool Needed, ModelFileState State, string? Path, string Licence);
}
