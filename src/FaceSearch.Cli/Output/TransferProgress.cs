using Spectre.Console;

namespace FaceSearch.Cli.Output;

/// <summary>Shows how many bytes of one file have passed.</summary>
internal static class TransferProgress
{
    /// <param name="total">Null when the size is unknown.</param>
    /// <param name="work">Reports the bytes so far.</param>
    public static Task<T> ShowAsync<T>(Terminal terminal, string title, long? total, Func<Action<long>, Task<T>> work)
    {
        if (!terminal.IsWatched)
            return work(_ => { });

        ProgressColumn[] columns = total is null
            ? [new TaskDescriptionColumn(), new SpinnerColumn(), new DownloadedColumn(), new TransferSpeedColumn()]
            : [new TaskDescriptionColumn(), new ProgressBarColumn { Width = 30 }, new PercentageColumn(), new DownloadedColumn(), new TransferSpeedColumn()];
        return terminal.Error.Progress().AutoClear(true).Columns(columns).StartAsync(context =>
        {
            var task = context.AddTask(title, maxValue: total ?? double.MaxValue);
            return work(bytes => task.Value = bytes);
        });
    }
}
