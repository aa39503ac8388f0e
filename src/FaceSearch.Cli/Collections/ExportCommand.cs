using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Execution;
using FaceSearch.Cli.Output;

namespace FaceSearch.Cli.Collections;

/// <summary><c>facesearch export</c>: a whole collection to a file.</summary>
internal static class ExportCommand
{
    private static readonly Argument<string> Target = new("file") { Description = "The zip to write" };

    private static readonly Option<bool> Pictures = new("--pictures") { Description = "With the pictures that the server keeps" };

    private static readonly Option<bool> Force = new("--force") { Description = "Replace the file if it is there" };

    private const int BufferSize = 1 << 17;

    public static Command Build(CommandEnvironment environment) =>
        new Command("export", "Write a whole collection to a zip, checked by its checksums.")
        {
            Target, CommonOptions.Collection, Pictures, Force,
        }.SetHandler(environment, ExportAsync);

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
}
