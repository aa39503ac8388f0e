using System.Threading.Tasks.Dataflow;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Detection;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>
/// Enrols one archive into a collection, batch by batch: read, find faces and embed them on all cores, store, publish.
/// Blocks and batches are bounded, in pictures and in bytes, so memory use does not depend on the archive's size. A bad
/// picture is an outcome, also when the engine throws; only an error of the machine faults the graph.
/// </summary>
internal sealed class BulkEnrolmentPipeline(
    IFaceEncoders encoders,
    IImageMetadataReader metadataReader,
    EnrolmentBatchWriter writer,
    IOptions<EnrolmentOptions> options,
    ILogger<BulkEnrolmentPipeline> logger)
{
    private const int EmbedBatchSize = 8;

    private const long BytesUnderWay = 4 * BatchLimits.MaxBytes;

    private static readonly int Cores = Environment.ProcessorCount;

    public async Task RunAsync(EnrolmentTarget target, ArchiveReader archive, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var budget = new ByteBudget(BytesUnderWay);

        // One batch more than the cores need, so that no core is idle at the end of a batch.
        var atOnce = 1 + (Cores + options.Value.BatchSize - 1) / options.Value.BatchSize;
        var encode = new TransformBlock<EnrolmentCandidate[], EnrolmentCandidate[]>(
            batch => NeverSkipAsync(EncodeAsync(target, batch, stop.Token), stop.Token), Bounded(atOnce + 1, atOnce, stop.Token));
        var store = new ActionBlock<EnrolmentCandidate[]>(
            batch => NeverSkipAsync(StoreAsync(target, batch, budget, stop.Token), stop.Token), Bounded(1, 1, stop.Token));
        encode.LinkTo(store, new DataflowLinkOptions { PropagateCompletion = true });

        var read = Task.Run(() => ReadAsync(target, archive, encode, budget, stop.Token), CancellationToken.None);
        await FinishAsync(stop, read, encode.Completion, store.Completion);
    }

    private async Task ReadAsync(
        EnrolmentTarget target,
        ArchiveReader archive,
        TransformBlock<EnrolmentCandidate[], EnrolmentCandidate[]> encode,
        ByteBudget budget,
        CancellationToken ct)
    {
        var allowance = new PixelAllowance(options.Value.MaxArchivePixels);
        var batches = EnrolmentBatches.Cut(archive.Read(target.StoredPositions), options.Value.BatchSize);
        foreach (var batch in batches)
        {
            var known = await writer.FindKnownAsync(target, batch, ct);
            var judged = Array.ConvertAll(batch, candidate => known.Contains(candidate.Sha256)
                ? candidate.Decide(EnrolmentOutcome.Duplicate)
                : FitIn(candidate, target.Encoder, allowance));
            await budget.TakeAsync(judged.Sum(candidate => (long)candidate.Bytes.Length), ct);
            await encode.SendAsync(judged, ct);
            target.Run.ReportProgress();
        }

        encode.Complete();
    }

    private static EnrolmentCandidate FitIn(EnrolmentCandidate candidate, IFaceEncoder encoder, PixelAllowance allowance)
    {
        if (candidate.IsDecided)
            return candidate;

        var cost = encoder.Measure(candidate.Bytes);
        return allowance.TryTake(cost.Pixels)
            ? candidate with { Cost = cost }
            : candidate.Fail(EnrolmentReasons.TooManyPixelsOfArchive);
    }

    private async Task<int> StoreAsync(
        EnrolmentTarget target, EnrolmentCandidate[] batch, ByteBudget budget, CancellationToken ct)
    {
        await writer.WriteAsync(target, batch, ct);
        budget.ReleaseOldest();
        target.Run.ReportProgress();
        return batch.Length;
    }

    private async Task<EnrolmentCandidate[]> EncodeAsync(
        EnrolmentTarget target, EnrolmentCandidate[] batch, CancellationToken ct)
    {
        await OnAllCoresAsync(
            PlacesToWorkOn(batch),
            async place => batch[place] = await DetectAsync(target, batch[place], ct),
            ct);
        await OnAllCoresAsync(
            PlacesToWorkOn(batch).Chunk(EmbedBatchSize), places => EmbedAsync(target, batch, places, ct), ct);
        return batch;
    }

    private async Task<EnrolmentCandidate> DetectAsync(
        EnrolmentTarget target, EnrolmentCandidate candidate, CancellationToken ct)
    {
        var detected = await encoders.RunAsync(
            candidate.Cost, PictureWait.Job, () => TryDetect(target, candidate, ct), ct);
        target.Run.ReportProgress();
        return detected.Error is { } error ? candidate.Fail(error.Code) : detected.Value;
    }

    private Result<EnrolmentCandidate> TryDetect(EnrolmentTarget target, EnrolmentCandidate candidate, CancellationToken ct)
    {
        try
        {
            return Detect(target.Encoder, candidate, ct);
        }
        catch (Exception exception) when (EngineFailures.IsOfPicture(exception))
        {
            logger.LogPictureFailed(exception, target.JobId);
            return candidate.Fail(EnrolmentReasons.EngineError);
        }
    }

    /// <summary>The metadata is read here too, as these blocks run in parallel and only one block stores.</summary>
    private Result<EnrolmentCandidate> Detect(IFaceEncoder encoder, EnrolmentCandidate candidate, CancellationToken ct) =>
        encoder.Detect(candidate.Bytes, ct) switch
        {
            { Error: { } error } => error,
            { Value.Faces: [] } => candidate.Fail(DetectionErrors.NoFaceCode),
            { Value: var picture } => candidate with { Picture = picture, Metadata = metadataReader.Read(candidate.Bytes) },
        };

    private async Task EmbedAsync(
        EnrolmentTarget target, EnrolmentCandidate[] batch, int[] places, CancellationToken ct)
    {
        EnrolmentCandidate[] group = [.. places.Select(place => batch[place])];
        var embedded = await encoders.RunAsync(() => Embed(target, group), ct);
        foreach (var (place, candidate) in places.Zip(embedded))
            batch[place] = candidate;

        target.Run.ReportProgress();
    }

    /// <summary>When a group fails, each of its pictures is embedded alone, so only the one at fault fails.</summary>
    private IEnumerable<EnrolmentCandidate> Embed(EnrolmentTarget target, EnrolmentCandidate[] group)
    {
        try
        {
            var embeddings = target.Encoder.Embed([.. group.Select(candidate => candidate.Picture!.Main!.Chip)]);
            return [.. group.Zip(embeddings, (candidate, embedding) => candidate with { Embedding = embedding })];
        }
        catch (Exception exception) when (EngineFailures.IsOfPicture(exception))
        {
            if (group is not [var alone])
                return [.. group.SelectMany(candidate => Embed(target, [candidate]))];

            logger.LogPictureFailed(exception, target.JobId);
            return [alone.Fail(EnrolmentReasons.EngineError)];
        }
    }

    private static int[] PlacesToWorkOn(EnrolmentCandidate[] batch) =>
        [.. Enumerable.Range(0, batch.Length).Where(place => !batch[place].IsDecided)];

    private static Task OnAllCoresAsync<T>(IEnumerable<T> source, Func<T, Task> work, CancellationToken ct) =>
        Parallel.ForEachAsync(
            source,
            new ParallelOptions { MaxDegreeOfParallelism = Cores, CancellationToken = ct },
            async (item, _) => await work(item));

    /// <summary>A block skips a batch whose task is cancelled. So a cancellation that is not the job's becomes a failure.</summary>
    private static async Task<T> NeverSkipAsync<T>(Task<T> work, CancellationToken ct)
    {
        try
        {
            return await work;
        }
        catch (OperationCanceledException exception) when (!ct.IsCancellationRequested)
        {
            throw new InvalidOperationException("The work at a batch was cancelled, but its job was not.", exception);
        }
    }

    /// <summary>
    /// Stops every block when one fails or is cancelled, waits for all, and throws the original exception, not a cancellation.
    /// </summary>
    private static async Task FinishAsync(CancellationTokenSource stop, params Task[] stages)
    {
        await Task.WhenAll(stages.Select(stage => StopUnlessCompletedAsync(stop, stage)));
        if (stages.FirstOrDefault(stage => stage.IsFaulted) is { } broken)
            await broken;

        await Task.WhenAll(stages);
    }

    private static async Task StopUnlessCompletedAsync(CancellationTokenSource stop, Task stage)
    {
        await stage.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stage.IsCompletedSuccessfully)
            await stop.CancelAsync();
    }

    private static ExecutionDataflowBlockOptions Bounded(int capacity, int parallelism, CancellationToken ct) => new()
    {
        BoundedCapacity = capacity,
        MaxDegreeOfParallelism = parallelism,
        CancellationToken = ct,
    };
}
