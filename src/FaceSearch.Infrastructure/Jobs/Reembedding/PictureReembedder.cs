using System.Collections.Concurrent;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Faces;
using Microsoft.Extensions.Logging;

namespace FaceSearch.Infrastructure.Jobs.Reembedding;

/// <summary>Finds the enrolled faces in their stored pictures again and embeds them with another model, on all cores.</summary>
internal sealed class PictureReembedder(IFaceEncoders encoders, ILogger<PictureReembedder> logger)
{
    private static readonly int Cores = Environment.ProcessorCount;

    /// <param name="contents">The bytes of the stored pictures, by id.</param>
    public async Task<IReadOnlyList<ReembeddedPicture>> RunAsync(
        ReembeddingTarget target,
        IReadOnlyList<StoredPicture> pictures,
        IReadOnlyDictionary<long, byte[]> contents,
        CancellationToken ct)
    {
        var results = new ConcurrentBag<ReembeddedPicture>();
        await Parallel.ForEachAsync(
            pictures,
            new ParallelOptions { MaxDegreeOfParallelism = Cores, CancellationToken = ct },
            async (picture, _) =>
            {
                results.Add(contents.TryGetValue(picture.ImageId, out var bytes)
                    ? await ReembedAsync(target, picture, bytes, ct)
                    : Refuse(picture, EnrolmentReasons.PictureNotKept));
                target.Run.ReportProgress();
            });
        return [.. results.OrderBy(result => result.Picture.ImageId)];
    }

    private async Task<ReembeddedPicture> ReembedAsync(
        ReembeddingTarget target, StoredPicture picture, byte[] bytes, CancellationToken ct)
    {
        var done = await encoders.RunAsync(
            target.Encoder.Measure(bytes), PictureWait.Job, () => TryReembed(target, picture, bytes, ct), ct);
        return done.Error is { } error ? Refuse(picture, error.Code) : done.Value;
    }

    private Result<ReembeddedPicture> TryReembed(
        ReembeddingTarget target, StoredPicture picture, byte[] bytes, CancellationToken ct)
    {
        try
        {
            return Reembed(target.Encoder, picture, bytes, ct);
        }
        catch (Exception exception) when (EngineFailures.IsOfPicture(exception))
        {
            logger.LogPictureFailed(exception, target.JobId);
            return Refuse(picture, EnrolmentReasons.EngineError);
        }
    }

    private static Result<ReembeddedPicture> Reembed(
        IFaceEncoder encoder, StoredPicture picture, byte[] bytes, CancellationToken ct)
    {
        var detected = encoder.Detect(bytes, ct);
        if (detected.Error is { } error)
            return error;

        var seen = detected.Value.Faces;
        var places = FaceMatching.Match(
            [.. picture.Faces.Select(face => face.Box)],
            [.. seen.Select(face => face.Box)],
            FaceMatching.MinOverlapOfDetectors);
        var found = picture.Faces.Zip(places).Where(pair => pair.Second >= 0).ToArray();
        var embeddings = found.Length == 0
            ? []
            : encoder.Embed([.. found.Select(pair => seen[pair.Second].Chip)]);
        return new ReembeddedPicture(
            picture,
            found.Zip(embeddings).ToDictionary(pair => pair.First.First.FaceId, pair => pair.Second),
            found.Length == picture.Faces.Count ? null : EnrolmentReasons.FaceNotFound);
    }

    private static ReembeddedPicture Refuse(StoredPicture picture, string reason) =>
        new(picture, new Dictionary<long, Embedding>(), reason);
}
