using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Persistence;

/// <summary>A database of an earlier version with rows in it.</summary>
internal sealed class UpgradeTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    /// <summary>SQLite rebuilds the table of the jobs, to which the items refer with cascading deletes.</summary>
    [Test]
    public async Task Migrate_DatabaseWithJobs_KeepsThemAndTheirItems()
    {
        Server.CreateClient().Dispose();
        await WithAsync(async db =>
        {
            var job = new EnrolmentJob { CollectionId = (await db.Collections.SingleAsync()).Id, CreatedAt = DateTime.UtcNow };
            job.Start(1, DateTime.UtcNow);
            job.Succeed(DateTime.UtcNow);
            db.EnrolmentJobs.Add(job);
            db.EnrolmentItems.Add(new EnrolmentItem { JobId = job.Id, Position = 1, Name = "a.jpg", Outcome = EnrolmentOutcome.Skipped });
            return await db.SaveChangesAsync(default);
        });

        await MigrateAsync(names => names[names.FindIndex(name => name.EndsWith("_JobQueueAndErasure", StringComparison.Ordinal)) - 1]);
        await MigrateAsync(names => names[^1]);

        Assert.That(await WithAsync(db => db.EnrolmentJobs.CountAsync()), Is.EqualTo(1));
        Assert.That(await WithAsync(db => db.EnrolmentItems.CountAsync()), Is.EqualTo(1));
    }

    [Test, Category("Fault-D2")]
    public async Task Migrate_EmbeddingsInTheirFaces_MoveToTheirTable()
    {
        Server.CreateClient().Dispose();
        await AddAsync(ImageOf(1, 1, "a"), ImageOf(1, 2, "b"), ImageOf(1, 3, "c"));
        await WithAsync(db => db.Faces.Where(face => face.Id == 3).ExecuteDeleteAsync());
        var failed = new EnrolmentJob
        {
            CollectionId = 1, Kind = EnrolmentJobKind.Reembedding, Model = StandInEncoders.SecondModelName, CreatedAt = DateTime.UtcNow,
        };
        failed.Fail("x", "why", DateTime.UtcNow);
        await AddAsync(failed);
        await MigrateAsync(names => names[names.FindIndex(name => name.EndsWith("_FaceEmbeddings", StringComparison.Ordinal)) - 1]);
        await WithAsync(db => ((DbContext)db).Database.ExecuteSqlRawAsync(
            "INSERT INTO shadow_embeddings (JobId, FaceId, Embedding) SELECT j.Id, 2, f.Embedding FROM enrolment_jobs j, faces f WHERE f.Id = 2"));

        await MigrateAsync(names => names[^1]);

        var moved = await WithAsync(db => db.FaceEmbeddings.AsNoTracking().OrderBy(of => of.FaceId).ThenBy(of => of.Model).ToListAsync());
        Assert.That(
            moved.Select(of => (of.FaceId, of.Model, of.Embedding.Values[0])),
            Is.EquivalentTo(new[]
            {
                (1, StandInEncoders.ModelName, 1f), (2, StandInEncoders.ModelName, 2f), (2, StandInEncoders.SecondModelName, 2f),
            }));
        await WithAsync(db => db.Faces.ExecuteDeleteAsync());
        Assert.That(await WithAsync(db => db.FaceEmbeddings.CountAsync()), Is.Zero, "embeddings go with their faces");
        await AddAsync(ImageOf(1, 4, "d"));
        Assert.That(
            await WithAsync(db => db.Faces.Select(face => face.Id).SingleAsync()), Is.EqualTo(4), "the id of the removed face is not given again");
    }

    [Test, Category("Fault-B7")]
    public async Task Migrate_TextsOfEarlierVersions_AreNormalizedAndClashesAreKept()
    {
        Server.CreateClient().Dispose();
        var collection = await WithAsync(db => db.Collections.Select(c => c.Id).SingleAsync());
        string[] names = ["Zoe\u0308", "Jos\u00E9", "Jose\u0301", "A\u001Bda\u200B", "Ada", "\u200B", "Jos\u202E\u00E9"];
        await AddAsync([.. names.Select(name => new Person { CollectionId = collection, Name = name })]);
        await AddAsync([.. names.Take(3).Select((name, i) => ImageOf(collection, i, name))]);

        await MigrateAsync(all => all[all.FindIndex(name => name.EndsWith("_NormalTexts", StringComparison.Ordinal)) - 1]);
        for (var time = 0; time < 2; time++)
            await Server.Services.GetRequiredService<DatabaseMigrator>().MigrateAsync(default);

        Assert.That(
            await WithAsync(db => db.Persons.OrderBy(person => person.Id).Select(person => person.Name).ToListAsync()),
            Is.EqualTo(new[] { "Zo\u00EB", "Jos\u00E9", "Jose\u0301", "A\u001Bda\u200B", "Ada", "\u200B", "Jos\u202E\u00E9" }));
        Assert.That(await WithAsync(db => db.Persons.OrderBy(person => person.Id).Select(person => person.Version).ToListAsync()), Is.EqualTo(new[] { 2, 1, 1, 1, 1, 1, 1 }));
        Assert.That(
            await WithAsync(db => db.Faces.OrderBy(face => face.Id).Select(face => face.ExternalId).ToListAsync()),
            Is.EqualTo(new[] { "Zo\u00EB", "Jos\u00E9", "Jose\u0301" }));
        Assert.That(
            await WithAsync(db => db.FaceTags.OrderBy(tag => tag.FaceId).Select(tag => tag.Tag).ToListAsync()),
            Is.EqualTo(new[] { "Zo\u00EB", "Jos\u00E9", "Jos\u00E9" }));
        Assert.That(await WithAsync(db => ((DbContext)db).Database.GetPendingMigrationsAsync()), Is.Empty);
    }

    /// <summary>A picture with a face, whose external id is the text; its tags are the text and its stored form.</summary>
    private static Image ImageOf(long collection, int number, string text)
    {
        var face = new Face
        {
            CollectionId = collection,
            Box = new BoundingBox(0, 0, 1, 1),
            Embeddings = { StandInEncoders.RowOf(number) },
            AddedAt = DateTime.UtcNow,
            ExternalId = text,
        };
        foreach (var tag in new[] { text, text.Replace("e\u0301", "\u00E9") }.Distinct())
            face.Tags.Add(new FaceTag { Tag = tag });

        var image = new Image
        {
            CollectionId = collection, FileName = string.Empty, Sha256 = $"{number}".PadLeft(64, '0'), Width = 1, Height = 1,
            AddedAt = DateTime.UtcNow, Metadata = new ImageMetadata(null, null, null, null),
        };
        image.Faces.Add(face);
        return image;
    }

    private Task<bool> AddAsync(params object[] rows) => WithAsync(async db =>
    {
        foreach (var row in rows)
        {
            ((DbContext)db).Add(row);
            await db.SaveChangesAsync(default);
        }

        return true;
    });

    private Task<bool> MigrateAsync(Func<List<string>, string> target) => WithAsync(async db =>
    {
        var database = ((DbContext)db).Database;
        await database.GetService<IMigrator>().MigrateAsync(target([.. database.GetMigrations()]));
        return true;
    });
}
