using System.Threading.Tasks.Dataflow;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Enrolment;
using FaceSearch.Application.Faces;
using FaceSearch.Domain.Enrolment;
using Microsoft.Extensions.Options;

namespace FaceSearch.Infrastructure.BulkEnrolment;

/// <summary>
/// Takes one archive into a collection: read, find faces on all cores, embed in batches, store in batches, publish.
/// Every block is bounded, so a large archive takes no more memory than a small one. A bad picture is an outcome;
/// only a broken machine faults the graph.
/// </summary>
internal sealed class BulkEnrolmentPipeline(
    IFaceEncoders encoders, EnrolmentBatchWriter writer, IOptions<EnrolmentOptions> options)
{
    private const int EmbedBatchSize = 8;

    private static readonly int Cores = Environment.ProcessorCount;

    public async Task RunAsync(EnrolmentTarget target, ArchiveReader archive, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var onAllCores = Bounded(Cores * 2, Cores, stop.Token);

        var detect = new TransformBlock<EnrolmentCandidate, EnrolmentCandidate>(
            candidate => DetectAsync(target.Encoder, candidate, stop.Token), onAllCores);
        var embedBatch = Batch(EmbedBatchSize, stop.Token);
        var embed = new TransformManyBlock<EnrolmentCandidate[], EnrolmentCandidate>(
            candidates => EmbedAsync(target.Encoder, candidates, stop.Token), Bounded(Cores, Cores, stop.Token));
        var storeBatch = Batch(options.Value.BatchSize, stop.Token);
        var store = new ActionBlock<EnrolmentCandidate[]>(
            candidates => writer.WriteAsync(target, candidates, stop.Token), Bounded(2, 1, stop.Token));

        var propagate = new DataflowLinkOptions { PropagateCompletion = true };
        // Both links need their condition: what a full block puts off is offered to the next link.
        detect.LinkTo(storeBatch, candidate => candidate.IsDecided);
        detect.LinkTo(embedBatch, propagate, candidate => !candidate.IsDecided);
        embedBatch.LinkTo(embed, propagate);
        embed.LinkTo(storeBatch, propagate);
        storeBatch.LinkTo(store, propagate);

        var read = Task.Run(() => ReadAsync(target, archive, detect, stop.Token), CancellationToken.None);
        await FinishAsync(stop, read, detect.Completion, embed.Completion, store.Completion);
    }

    private async Task ReadAsync(
        EnrolmentTarget target,
        ArchiveReader archive,
        TransformBlock<EnrolmentCandidate, EnrolmentCandidate> detect,
        CancellationToken ct)
    {
        foreach (var candidates in archive.Read(target.StoredPositions).Chunk(options.Value.BatchSize))
        {
            var known = await writer.FindKnownAsync(target, candidates, ct);
            foreach (var candidate in candidates)
            {
                var isKnown = !candidate.IsDecided && known.Contains(candidate.Sha256);
                await detect.SendAsync(isKnown ? candidate.Decide(EnrolmentOutcome.Duplicate) : candidate, ct);
            }
        }

        detect.Complete();
    }

    private async Task<EnrolmentCandidate> DetectAsync(
        IFaceEncoder encoder, EnrolmentCandidate candidate, CancellationToken ct)
    {
        if (candidate.IsDecided)
            return candidate;

        var picture = await encoders.RunAsync(() => encoder.Detect(candidate.Bytes, ct), ct);
        return picture switch
        {
            { Error: { } error } => candidate.Fail(error.Code),
            { Value.Faces: [] } => candidate.Fail(FaceErrors.NoFaceCode),
            _ => candidate with { Picture = picture.Value },
        };
    }

    private async Task<IEnumerable<EnrolmentCandidate>> EmbedAsync(
        IFaceEncoder encoder, EnrolmentCandidate[] candidates, CancellationToken ct)
    {
        FaceChip[] chips = [.. candidates.Select(candidate => candidate.Picture!.Faces[0].Chip)];
        var embeddings = await encoders.RunAsync(() => encoder.Embed(chips), ct);
        return candidates.Zip(embeddings, (candidate, embedding) => candidate with { Embedding = embedding });
    }

    /// <summary>Stops every block when one breaks, waits for all, and reports what broke rather than what stopped.</summary>
    private static async Task FinishAsync(CancellationTokenSource stop, params Task[] stages)
    {
        foreach (var stage in stages)
        {
            _ = stage.ContinueWith(
                _ => stop.Cancel(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        }

        await Task.WhenAll(stages).ContinueWith(
            _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        if (stages.FirstOrDefault(stage => stage.IsFaulted) is { } broken)
            await broken;

        await Task.WhenAll(stages);
    }

    private static BatchBlock<EnrolmentCandidate> Batch(int size, CancellationToken ct) =>
        new(size, new GroupingDataflowBlockOptions { BoundedCapacity = size * 2, CancellationToken = ct });

    private static ExecutionDataflowBlockOptions Bounded(int capacity, int parallelism, CancellationToken ct) => new()
    {
        BoundedCapacity = capacity,
        MaxDegreeOfParallelism = parallelism,
        EnsureOrdered = false,
        CancellationToken = ct,
    };
}
