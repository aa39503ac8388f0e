using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Persons;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Erasure;

/// <summary>
/// Finds the stored answers that mention a person, faces or pictures. It reads all answers before the transaction of an
/// erasure, and in the transaction only those stored since: the other writers wait for the transaction.
/// </summary>
internal sealed class AnswerSearch
{
    /// <summary>An answer with an earlier time may have been committed later.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    private const int BodiesAtOnce = 100;

    private readonly Mentioned mentioned;
    private readonly DateTime since;
    private readonly List<AnswerKey> found;

    private AnswerSearch(Mentioned mentioned, DateTime since, List<AnswerKey> found) =>
        (this.mentioned, this.since, this.found) = (mentioned, since, found);

    /// <summary>Before the transaction.</summary>
    public static async Task<AnswerSearch> BeginAsync(IFaceSearchDbContext db, Mentioned mentioned, CancellationToken ct)
    {
        // By the database's clock, as those of the processes may differ. Earlier versions may have stored later times.
        var newest = await db.IdempotentRequests.Where(request => request.CreatedAt <= DateTime.UtcNow)
            .MaxAsync(request => (DateTime?)request.CreatedAt, ct);
        var since = newest is { } time ? time - Overlap : DateTime.UnixEpoch;
        return new AnswerSearch(mentioned, since, await FindAsync(db, mentioned, DateTime.UnixEpoch, ct));
    }

    /// <summary>In the transaction.</summary>
    /// <param name="now">When it is not what was mentioned before the transaction, all answers are read again.</param>
    public async Task<IReadOnlyCollection<AnswerKey>> EndAsync(IFaceSearchDbContext db, Mentioned now, CancellationToken ct) =>
        now.IsSameAs(mentioned)
            ? found.Union(await FindAsync(db, now, since, ct)).ToList()
            : await FindAsync(db, now, DateTime.UnixEpoch, ct);

    private static async Task<List<AnswerKey>> FindAsync(
        IFaceSearchDbContext db, Mentioned mentioned, DateTime since, CancellationToken ct)
    {
        var matcher = new PersonMentionMatcher(mentioned.Person, mentioned.FaceIds, mentioned.ImageIds);
        return await FindAsync(db, since, body => matcher.AreIn(body), ct);
    }

    /// <summary>Reads the keys first and then some bodies at a time, as a body may have megabytes.</summary>
    public static async Task<List<AnswerKey>> FindAsync(
        IFaceSearchDbContext db, DateTime since, Func<byte[], bool> isMention, CancellationToken ct)
    {
        var keys = await db.IdempotentRequests
            .Where(request => request.CreatedAt >= since && request.Body != null)
            .OrderBy(request => request.ApiKeyId)
            .Select(request => new { request.ApiKeyId, request.Key }).ToListAsync(ct);
        var found = new List<AnswerKey>();
        foreach (var (apiKeyId, some) in keys.GroupBy(key => key.ApiKeyId, key => key.Key)
            .SelectMany(of => of.Chunk(BodiesAtOnce).Select(some => (of.Key, some))))
        {
            var answers = await db.IdempotentRequests
                .Where(request => request.ApiKeyId == apiKeyId && some.Contains(request.Key) && request.Body != null)
                .Select(request => new { request.Key, request.Body }).ToListAsync(ct);
            found.AddRange(answers.Where(answer => isMention(answer.Body!)).Select(answer => new AnswerKey(apiKeyId, answer.Key)));
        }

        return found;
    }
}

internal sealed record AnswerKey(long ApiKeyId, string Key);

/// <param name="Person">Null for faces whose persons stay.</param>
internal sealed record Mentioned(Person? Person, IReadOnlyCollection<long> FaceIds, IReadOnlyCollection<long> ImageIds)
{
    public bool IsSameAs(Mentioned other) =>
        Person?.Name == other.Person?.Name
        && FaceIds.ToHashSet().SetEquals(other.FaceIds)
        && ImageIds.ToHashSet().SetEquals(other.ImageIds);
}
