using System.Globalization;
using FaceSearch.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FaceSearch.Cli.Jobs;

/// <summary>
/// Writes a <see cref="JobStatus"/> to standard error while a task runs. A terminal gets progress bars, a file gets
/// lines, <c>--json --verbose</c> gives JSON, and <c>--json</c> or <c>--quiet</c> alone gives nothing.
/// </summary>
internal static class JobProgress
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LinePause = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan JsonPause = TimeSpan.FromSeconds(1);

    public static Task<T> ShowAsync<T>(Terminal terminal, JobStatus status, Func<Task<T>> work) => terminal switch
    {
        { IsWatched: true } => DrawAsync(terminal, status, work),
        { IsJson: true, IsVerbose: true } => RepeatAsync(JsonPause, () => terminal.Note(status.Read()), work),
        { IsJson: true } or { IsQuiet: true } => work(),
        _ => RepeatAsync(LinePause, () => terminal.Remark(LineOf(status.Read())), work),
    };

    private static async Task<T> RepeatAsync<T>(TimeSpan pause, Action show, Func<Task<T>> work)
    {
        var working = work();
        while (await Task.WhenAny(working, Task.Delay(pause)) != working)
            show();

        var result = await working;
        show();
        return result;
    }

    private static Task<T> DrawAsync<T>(Terminal terminal, JobStatus status, Func<Task<T>> work)
    {
        var progress = terminal.Error.Progress().AutoClear(true).Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = 30 },
            new PercentageColumn(),
            new WordsColumn());
        return progress.StartAsync(async context =>
        {
            var upload = status.BytesToSend > 0 ? context.AddTask("Upload") : null;
            var enrolment = context.AddTask("Enrolment");
            var working = work();
            do
            {
                var now = status.Read();
                upload?.Show(now.BytesSent, now.BytesToSend, UploadWords(now));
                enrolment.Description = now.Work;
                enrolment.Show(now.Done, now.Total, EnrolmentWords(now));
                context.Refresh();
            }
            while (await Task.WhenAny(working, Task.Delay(Frame)) != working);

            return await working;
        });
    }

    private static void Show(this ProgressTask task, double value, double? most, string words)
    {
        task.IsIndeterminate(most is null or 0 && value == 0 && words.Length > 0);
        task.MaxValue = most is > 0 ? most.Value : Math.Max(value, 1);
        task.Value = value;
        task.Tag = words;
    }

    private static string UploadWords(JobSnapshot now) =>
        now.BytesSent < now.BytesToSend
            ? $"{Plain.Bytes(now.BytesSent)} of {Plain.Bytes(now.BytesToSend)}{(now.Step is { } step ? $", {step}" : "")}"
            : Plain.Bytes(now.BytesToSend);

    internal static string EnrolmentWords(JobSnapshot now)
    {
        List<string> words = [];
        if (now.Trouble is { } trouble)
            words.Add($"{trouble}, trying again");
        else if (now.Total is not { } total)
            words.Add("waiting");
        else
        {
            words.Add($"{Plain.Number(now.Done)} of {(now.IsCalibration ? Plain.Count(total, "face", "faces") : Plain.Count(total, "picture", "pictures"))}");
            if (now.Done < total && now.PerSecond is { } pace)
                words.Add(string.Create(CultureInfo.InvariantCulture, $"{pace:0}/s"));
            if (now.Done < total && now.SecondsLeft is { } seconds)
                words.Add($"{Plain.Duration(TimeSpan.FromSeconds(seconds))} left");
        }

        if (now.Failed > 0)
            words.Add($"{Plain.Number(now.Failed)} failed");
        return string.Join(", ", words);
    }

    private static string LineOf(JobSnapshot now) =>
        now.BytesSent < now.BytesToSend ? $"Upload: {UploadWords(now)}. {now.Work}: {EnrolmentWords(now)}." : $"{now.Work}: {EnrolmentWords(now)}.";

    /// <summary>Shows the text in <see cref="ProgressTask.Tag"/>: amounts, rate and remaining time.</summary>
    private sealed class WordsColumn : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(task.Tag as string ?? string.Empty);
    }
}
