using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Output;
using FaceSearch.Client;
using Nerdbank.Streams;

namespace FaceSearch.Cli.Collections;

/// <summary><c>facesearch export</c> and <c>import-collection</c>: a whole collection to a file and back.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Target = new("file") { Description = "The zip to write" };

    private static readonly Argument<string> Source = new("file") { Description = "A zip that 'export' has written" };

    private static readonly Option<bool> Pictures = new("--pictures") { Description = "With the pictures that the server keeps" };

    private static readonly Option<bool> Force = new("--force") { Description = "Replace the file if it is there" };

    private const int BufferSize = 1 << 17;

    public static Command BuildExport(CommandEnvironment environment) =>
        new Command("export", "Write a whole collection to a zip, checked by its checksums.")
        {
            Target, CommonOptions.Collection, Pictures, Force,
        }.SetHandler(environment, ExportAsync);

    public static Command BuildImport(CommandEnvironment environment) =>
        new Command("import-collection", "Import an exported collection; a missing collection is created.")
        {
            Source, CommonOptions.Collection, CommonOptions.Patience,
        }.SetHandler(environment, ImportAsync);

    private static async Task<int> ExportAsync(CommandContext context)
    {
        var target = Path.GetFullPath(context.Get(Target));
        if (File.Exists(target) && !context.Get(Force))
            throw new CliException($"{target} is there already: --force replaces it.");

        var part = $"{target}.{Environment.ProcessId}.part";
        try
        {
            var bytes = await DownloadAsync(context, part);
            var entries = await ExportFile.VerifyAsync(part, context.Ct);
            File.Move(part, target, overwrite: true);
            context.Terminal.Show(
                new { file = target, collection = context.Get(CommonOptions.Collection), bytes, entries },
                done => Tables.Line($"{done.file}: collection '{done.collection}', {Plain.Bytes(done.bytes)}, {Plain.Count(done.entries, "entry", "entries")}, checksums right."));
            return ExitCode.Done;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static async Task<long> DownloadAsync(CommandContext context, string part)
    {
        using var export = await context.Client.ExportCollectionAsync(
            context.Get(CommonOptions.Collection)!, context.Get(Pictures), context.Ct);
        await using var file = File.Create(part);
        return await TransferProgress.ShowAsync(context.Terminal, "Export", total: null, async onBytes =>
        {
            var buffer = new byte[BufferSize];
            var bytes = 0L;
            try
            {
                for (int read; (read = await export.Stream.ReadAsync(buffer, context.Ct)) > 0; onBytes(bytes += read))
                    await file.WriteAsync(buffer.AsMemory(0, read), context.Ct);
            }
            catch (HttpIOException broken)
            {
                throw new CliException($"The download was interrupted after {Plain.Bytes(bytes)} ({broken.Message}). Run it again.");
            }

            return bytes;
        });
    }

    private static async Task<int> ImportAsync(CommandContext context)
    {
        var source = Path.GetFullPath(context.Get(Source));
        if (!File.Exists(source))
            throw new CliException($"There is no file {source}.");

        await ExportFile.VerifyAsync(source, context.Ct);
        var client = context.ConnectPatiently(
            TimeSpan.FromSeconds(context.Get(CommonOptions.Patience)),
            context.Terminal.RemarkTrouble);
        await using var file = File.OpenRead(source);
        var imported = await TransferProgress.ShowAsync(context.Terminal, "Upload", file.Length, async onBytes =>
        {
            await using var counted = new MonitoringStream(file);
            counted.DidReadAny += (_, _) => onBytes(file.Position);
            return await client.ImportCollectionAsync(
                context.Get(CommonOptions.Collection)!,
                file: new FileParameter(counted, Path.GetFileName(source), "application/zip"),
                cancellationToken: context.Ct);
        });
        context.Terminal.Show(imported, done => Tables.Below(
            Tables.Facts(
                ("collection", done.Collection),
                ("model", done.Model),
                ("faces added", $"{done.Faces:N0}"),
                ("pictures added", $"{done.Images:N0}"),
                ("persons added", $"{done.Persons:N0}"),
                ("pictures there before", $"{done.Duplicates:N0}")),
            done.ExternalIdConflicts.Count == 0 ? null : Tables.Line(
                $"{Plain.Count(done.ExternalIdConflicts.Count, "face", "faces")} came without the external id, which another face has.")));
        return imported.ExternalIdConflicts.Count == 0 ? ExitCode.Done : ExitCode.Partial;
    }
}
