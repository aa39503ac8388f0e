using System.Security.Cryptography;
using FaceSearch.Cli.Jobs;
using FaceSearch.Client;
using Nerdbank.Streams;

namespace FaceSearch.Cli.Import;

/// <summary>
/// Sends the parts of a source and follows their jobs. A part that an earlier run has sent is not sent again: its job
/// is found in the journal, or by the idempotency key when the answer was lost.
/// </summary>
internal sealed class ImportRun(
    FaceSearchClient client, string collection, ImportSource source, string? nameEncoding, ImportJournal journal, JobStatus status)
{
    /// <summary>The largest number of unfinished jobs during an upload: the running one and the next.</summary>
    private const int JobsAhead = 2;

    private readonly JobWatch watch = new(client, status);
    private readonly List<EnrolmentJobResponse> started = [];
    private long sent;

    /// <summary>The jobs so far, as first answered by the server.</summary>
    public IReadOnlyList<EnrolmentJobResponse> Started => started;

    /// <param name="wait">Waits until the jobs have ended; otherwise until they are queued.</param>
    public async Task<IReadOnlyList<EnrolmentJobResponse>> RunAsync(bool wait, CancellationToken ct)
    {
        journal.Save();
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var jobs = new List<Task<EnrolmentJobResponse>>();
        try
        {
            foreach (var part in source.Parts)
            {
                if (jobs.Count >= JobsAhead)
                    await jobs[^JobsAhead];

                var job = await FindOrSendAsync(part, ct);
                started.Add(job);
                jobs.Add(wait ? watch.UntilEndedAsync(job, watching.Token) : Task.FromResult(job));
            }

            status.Step(null);
            var ended = await Task.WhenAll(jobs);
            if (ended.All(job => job.State == EnrolmentJobState.Succeeded))
                journal.Delete();
            return ended;
        }
        finally
        {
            await watching.CancelAsync();
        }
    }

    private async Task<EnrolmentJobResponse> FindOrSendAsync(ImportPart part, CancellationToken ct)
    {
        status.Step("reading");
        await using var archive = await part.OpenAsync(ct);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(archive, ct));
        archive.Position = 0;
        status.Step("sending");
        var identity = nameEncoding is null ? hash : $"{hash}-{nameEncoding}";
        var job = journal.JobOf(identity) is { } jobId ? await FindAsync(jobId, identity, ct) : null;
        job ??= await SendAsync(part, archive, identity, ct);
        sent += part.Size;
        status.Sent(sent);
        return job;
    }

    private async Task<EnrolmentJobResponse> SendAsync(ImportPart part, FileStream archive, string identity, CancellationToken ct)
    {
        var before = sent;
        await using var counted = new MonitoringStream(archive);
        counted.DidReadAny += (_, _) => status.Sent(before + Math.Min(archive.Position, part.Size));
        var job = await client.StartJobAsync(
            collection, nameEncoding, journal.KeyOf(identity), new FileParameter(counted, part.FileName, "application/zip"), ct);
        journal.Note(identity, job.JobId);
        return job;
    }

    /// <summary>The job of an earlier run, retried if it was stopped; null when the part must be sent again.</summary>
    private async Task<EnrolmentJobResponse?> FindAsync(Guid jobId, string identity, CancellationToken ct)
    {
        try
        {
            var job = await client.GetJobAsync($"{jobId}", ct);
            return job.State is EnrolmentJobState.Failed or EnrolmentJobState.Cancelled
                ? await client.RetryJobAsync($"{jobId}", cancellationToken: ct)
                : job;
        }
        catch (FaceSearchException<ProblemResponse> refused) when (refused.StatusCode is 404 or 409)
        {
            // The server has another database, or the archive is not kept any more.
            journal.Forget(identity);
            return null;
        }
    }
}
