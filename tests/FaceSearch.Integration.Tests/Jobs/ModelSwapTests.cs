using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Persistence.MySql;
using FaceSearch.Infrastructure.Persistence.Sqlite;
using FaceSearch.TestSupport;
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

    /// <summary>Keeps the commands of the transactions that give a collection another model.</summary>
    private sealed partial class Recorder : DbCommandInterceptor, IDbTransactionInterceptor
    {
        private readonly ConcurrentDictionary<DbTransaction, List<Command>> open = [];

        public ConcurrentQueue<Command[]> Swaps { get; } = [];

        public ValueTask<DbTransaction> TransactionStartedAsync(
            DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken)
        {
            open[result] = [];
            return new(result);
        }

        public Task TransactionCommittedAsync(
            DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken)
        {
            if (open.TryRemove(transaction, out var commands) && commands.Exists(
                command => command is { Table: "collections", Changed: > 0 } && command.Sql.StartsWith("UPDATE", StringComparison.Ordinal)))
                Swaps.Enqueue([.. commands]);

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
                own.Add(new Command(command.CommandText, TableName().Match(command.CommandText).Groups[1].Value, changed));
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
