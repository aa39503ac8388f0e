using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Persistence.MySql;
using FaceSearch.Infrastructure.Persistence.Sqlite;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>What a re-embedding does while the collection's lock blocks enrolments.</summary>
internal sealed partial class ModelSwapTests(DatabaseProvider provider) : ReembeddingFixture(provider)
{
    private Recorder recorder = null!;

    [SetUp]
    public void Intercept()
    {
        recorder = new Recorder();
        Server.Settings["Enrolment:BatchSize"] = "256";
        Server.Replacing = services => services
            .ConfigureDbContext<SqliteFaceSearchDbContext>(builder => builder.AddInterceptors(recorder))
            .ConfigureDbContext<MySqlFaceSearchDbContext>(builder => builder.AddInterceptors(recorder));
    }

    [TestCase(10), TestCase(2000), Category("Fault-D2")]
    public async Task Swap_ChangesOneRow_WhateverTheNumberOfFaces(int faces)
    {
        await EnrolAsync(faces);

        var ended = await EndAsync(await StartAsync(Reembed));

        var swap = recorder.Swaps.Single();
        Assert.That(ended.GetProperty("state").GetString(), Is.EqualTo("succeeded"), ended.ToString());
        Assert.That(
            swap.Where(command => command.Changed > 0).Select(command => (command.Table, command.Changed)),
            Is.EqualTo(new[] { ("collections", 1), ("enrolment_jobs", 1), ("enrolment_jobs", 1) }));
        Assert.That(swap, Has.Length.EqualTo(6), string.Join("\n\n", swap));
        Assert.That(
            swap.Where(command => command.Table is "faces" or "face_embeddings" or "images").Select(command => command.IsBounded),
            Is.EqualTo(new[] { true }), "reads the faces after an id only");
        await AssertAllAreOfAsync(StandInEncoders.SecondModelName);
    }

    /// <summary>Measures how long the lock is held. The faces have their new embeddings already.</summary>
    [TestCase(100_000), TestCase(1_000_000), Explicit("Takes minutes and prints a measurement.")]
    public async Task Measure_TheLockOfTheSwap(int faces)
    {
        await EnrolAsync(1);
        await WithAsync(db => CopyFirstAsync((DbContext)db, faces));

        await EndAsync(await StartAsync(Reembed));

        await TestContext.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{Provider}, {faces} faces: the lock is held for {recorder.Held.Single().TotalMilliseconds:F1} ms"));
    }

    private async Task<bool> CopyFirstAsync(DbContext db, int faces)
    {
        db.Database.SetCommandTimeout(0);
        var depth = Provider == DatabaseProvider.MySql ? $"SET SESSION cte_max_recursion_depth = {faces + 1};" : "";
        var sql = $"""
            {depth}
            CREATE TEMPORARY TABLE n (i INTEGER PRIMARY KEY);
            INSERT INTO n WITH RECURSIVE r AS (SELECT 2 AS i UNION ALL SELECT i + 1 FROM r WHERE i < {faces}) SELECT i FROM r;
            INSERT INTO images (Id, CollectionId, FileName, Sha256, Bytes, Format, Width, Height, AddedAt)
                SELECT i, 1, 'x.png', i, 1, 2, 640, 480, AddedAt FROM n, images WHERE Id = 1;
            INSERT INTO faces (Id, CollectionId, ImageId, Score, AddedAt, BoxX, BoxY, BoxWidth, BoxHeight, Version)
                SELECT i, 1, i, 1, AddedAt, 0, 0, 9, 9, 1 FROM n, images WHERE Id = 1;
            INSERT INTO face_embeddings SELECT i, Model, Embedding FROM n, face_embeddings WHERE FaceId = 1;
            INSERT INTO face_embeddings SELECT i, '{StandInEncoders.SecondModelName}', Embedding FROM n, face_embeddings WHERE FaceId = 1;
            """;
        await db.Database.OpenConnectionAsync();
        await db.Database.ExecuteSqlRawAsync(sql);
        await db.Database.CloseConnectionAsync();
        return true;
    }

    /// <summary>Keeps the commands of the transactions that give a collection another model.</summary>
    private sealed partial class Recorder : DbCommandInterceptor, IDbTransactionInterceptor
    {
        private readonly ConcurrentDictionary<DbTransaction, (long Began, List<Command> Commands)> open = [];

        public ConcurrentQueue<Command[]> Swaps { get; } = [];

        public ConcurrentQueue<TimeSpan> Held { get; } = [];

        public ValueTask<DbTransaction> TransactionStartedAsync(
            DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken)
        {
            open[result] = (Stopwatch.GetTimestamp(), []);
            return new(result);
        }

        public Task TransactionCommittedAsync(
            DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken)
        {
            if (open.TryRemove(transaction, out var ended) && ended.Commands.Exists(
                command => command is { Table: "collections", Changed: > 0 } && command.Sql.StartsWith("UPDATE", StringComparison.Ordinal)))
            {
                Swaps.Enqueue([.. ended.Commands]);
                Held.Enqueue(Stopwatch.GetElapsedTime(ended.Began));
            }

            return Task.CompletedTask;
        }

        public override ValueTask<int> NonQueryExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            Add(command, result);
            return new(result);
        }

        public override ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            // A changed entity is one row, which the reader does not count.
            Add(command, ChangedEntity().IsMatch(command.CommandText) ? 1 : 0);
            return new(result);
        }

        private void Add(DbCommand command, int changed)
        {
            if (command.Transaction is { } transaction && open.TryGetValue(transaction, out var own))
                own.Commands.Add(new Command(command.CommandText, TableName().Match(command.CommandText).Groups[1].Value, changed));
        }

        [GeneratedRegex(@"^UPDATE ", RegexOptions.Multiline)]
        private static partial Regex ChangedEntity();

        [GeneratedRegex(@"(?:FROM|UPDATE|INTO)\s+[""`]?(\w+)")]
        private static partial Regex TableName();
    }

    private sealed record Command(string Sql, string Table, int Changed)
    {
        public bool IsBounded => Sql.Contains("LIMIT", StringComparison.Ordinal) && Regex.IsMatch(Sql, @"[""`]Id[""`] > ");
    }
}
