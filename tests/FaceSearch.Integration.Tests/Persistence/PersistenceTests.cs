using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Collections;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Quality;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Integration.Tests.Persistence;

internal sealed class PersistenceTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    /// <summary>Recent, as old rows are pruned.</summary>
    private static readonly DateTime Now = DateTime.UtcNow.Date.AddMicroseconds(123_456);

    [Test]
    public async Task Migrations_EmptyDatabase_BringTheModelAsItIs()
    {
        var pending = await WithAsync(async db => await ((DbContext)db).Database.GetPendingMigrationsAsync());

        Assert.That(pending, Is.Empty);
        Assert.That(await WithAsync(db => Task.FromResult(((DbContext)db).Database.HasPendingModelChanges())), Is.False);
    }

    [Test]
    public async Task Face_WithPictureAndPerson_IsReadUnchanged()
    {
        var embedding = new Embedding(
            [.. Enumerable.Range(0, 122).Select(_ => Random.Shared.NextSingle() - 0.5f), 0f, -0f, float.Epsilon, float.MaxValue, float.MinValue, MathF.PI]);
        var image = Picture("a", new byte[] { 0, 1, 39, 92, 255 });
        image.Faces.Add(new Face
        {
            CollectionId = await CollectionIdAsync(),
            Person = new Person { CollectionId = await CollectionIdAsync(), Name = "Ada Lovelace" },
            Box = new BoundingBox(-3, 4, 50, 60),
            Score = 0.98765432f,
            Quality = new FaceQuality(123.456789f, float.MaxValue, -0.1234567f, 1e-30f, 33.333332f),
            Embeddings = { StandInEncoders.RowOf(embedding) },
            AddedAt = Now,
        });
        await AddAsync(image);

        var stored = await WithAsync(db => db.Images.AsNoTracking()
            .Include(i => i.Content).Include(i => i.Faces).ThenInclude(f => f.Person)
            .Include(i => i.Faces).ThenInclude(f => f.Embeddings).SingleAsync());
        var face = stored.Faces.Single();
        var of = face.Embeddings.Single();

        Assert.That(stored.Content!.Data, Is.EqualTo(new byte[] { 0, 1, 39, 92, 255 }));
        Assert.That(stored.Metadata, Is.EqualTo(image.Metadata));
        Assert.That(stored.Metadata.CapturedAt!.Value.Kind, Is.EqualTo(DateTimeKind.Utc));
        Assert.That((stored.AddedAt, stored.AddedAt.Kind), Is.EqualTo((Now, DateTimeKind.Utc)));
        Assert.That((stored.FileName, stored.Version, stored.Bytes, stored.Format), Is.EqualTo(("a.jpg", 3, 5L, ImageFormat.Webp)));
        Assert.That((face.Box, face.Score, of.Model, face.Person!.Name), Is.EqualTo((new BoundingBox(-3, 4, 50, 60), 0.98765432f, StandInEncoders.ModelName, "Ada Lovelace")));
        Assert.That(face.Quality, Is.EqualTo(new FaceQuality(123.456789f, float.MaxValue, -0.1234567f, 1e-30f, 33.333332f)));
        Assert.That(
            of.Embedding.Values.ToArray().Select(BitConverter.SingleToInt32Bits),
            Is.EqualTo(embedding.Values.ToArray().Select(BitConverter.SingleToInt32Bits)));
    }

    [Test]
    public async Task Picture_Of20Megabytes_IsReadUnchanged()
    {
        var bytes = new byte[20_000_000];
        Random.Shared.NextBytes(bytes);
        bytes.AsSpan(0, 1_000_000).Clear();
        await AddAsync(Picture("large", bytes));

        var stored = await WithAsync(db => db.Images.AsNoTracking().Select(image => image.Content!.Data).SingleAsync());

        Assert.That(stored.AsSpan().SequenceEqual(bytes), Is.True);
    }

    [Test]
    public async Task Job_WithItems_IsReadUnchanged()
    {
        var job = new EnrolmentJob { CollectionId = await CollectionIdAsync(), CreatedAt = Now };
        job.Start(10, Now.AddSeconds(1));
        job.Count([EnrolmentOutcome.Inserted, EnrolmentOutcome.Failed], Now.AddSeconds(2));
        job.Fail("code", "Grüße 😀", Now.AddSeconds(3));
        var item = new EnrolmentItem { JobId = job.Id, Position = 7, Name = "Zoë/😀.jpg", Outcome = EnrolmentOutcome.Failed, Reason = "no-face" };
        await AddAsync(job, item);

        var stored = await WithAsync(db => db.EnrolmentJobs.AsNoTracking().SingleAsync());
        var storedItem = await WithAsync(db => db.EnrolmentItems.AsNoTracking().SingleAsync());

        foreach (var property in typeof(EnrolmentJob).GetProperties())
            Assert.That(property.GetValue(stored), Is.EqualTo(property.GetValue(job)), property.Name);
        foreach (var property in typeof(EnrolmentItem).GetProperties())
            Assert.That(property.GetValue(storedItem), Is.EqualTo(property.GetValue(item)), property.Name);
    }

    [Test]
    public async Task Key_IsReadUnchanged()
    {
        var key = ApiKey.Issue("Zoë 😀", AccessScopes.Read | AccessScopes.Write, Now, out _);
        await AddAsync(key);

        var stored = await WithAsync(db => db.ApiKeys.AsNoTracking().SingleAsync(k => k.Hash == key.Hash));

        Assert.That((stored.Name, stored.Scopes, stored.CreatedAt), Is.EqualTo((key.Name, key.Scopes, Now)));
    }

    /// <summary>Names that are equal in a lenient collation.</summary>
    [Test]
    public async Task Persons_WhoseNamesLookAlike_AreDifferentPersons()
    {
        string[] names = ["Jose", "José", "jose", "JOSE", "Jose ", "Straße", "Strasse", "😀", "😁", "田中", "たなか"];
        var collection = await CollectionIdAsync();
        await AddAsync([.. names.Select(name => new Person { CollectionId = collection, Name = name })]);

        foreach (var name in names)
            Assert.That(await WithAsync(db => db.Persons.Where(p => p.Name == name).Select(p => p.Name).ToListAsync()), Is.EqualTo(new[] { name }));
    }

    [Test]
    public async Task TrySave_EveryUniqueIndex_ReportsAConflict()
    {
        var collection = await CollectionIdAsync();
        Func<object[]>[] makers =
        [
            () => [new Collection { Name = "c", Model = "m", CreatedAt = Now }],
            () => [new Person { CollectionId = collection, Name = "p" }],
            () => [Picture("same", [1])],
            () => [new ApiKey { Name = "k", Hash = new string('0', 64), CreatedAt = Now }],
        ];

        foreach (var make in makers)
        {
            await AddAsync(make());
            Assert.That(await WithAsync(db => TryAddAsync(db, make())), Is.False, make().GetType().Name);
        }
    }

    [Test]
    public async Task TrySave_SameRowsConcurrently_OneWinsAndNoneFails()
    {
        var collection = await CollectionIdAsync();

        var saved = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => WithAsync(db => TryAddAsync(
            db, new Person { CollectionId = collection, Name = "p" }, Picture("one", [1]), Picture("two", [2])))));

        Assert.That(saved.Count(won => won), Is.EqualTo(1));
        Assert.That(await WithAsync(db => db.Images.CountAsync()), Is.EqualTo(2));
    }

    [Test]
    public async Task Remove_PictureWithFaces_LeavesTombstones()
    {
        var collection = await CollectionIdAsync();
        var image = Picture("a", [1]);
        image.Faces.Add(FaceIn(collection));
        image.Faces.Add(FaceIn(collection));
        await AddAsync(image);
        var faceIds = image.Faces.Select(face => face.Id).ToArray();

        await WithAsync(async db =>
        {
            db.Images.Remove(await db.Images.SingleAsync());
            return await db.SaveChangesAsync(CancellationToken.None);
        });

        var tombstones = await WithAsync(db => db.FaceRemovals.Select(removal => removal.FaceId).ToListAsync());
        Assert.That(tombstones, Is.EquivalentTo(faceIds));
        Assert.That(await WithAsync(db => db.Faces.CountAsync()), Is.Zero);
    }

    [Test]
    public async Task InTransaction_WorkReturnsFalse_RollsBack()
    {
        var committed = await WithAsync(db => db.InTransactionAsync(
            async () =>
            {
                db.Collections.Add(new Collection { Name = "c", Model = "m", CreatedAt = Now });
                await db.SaveChangesAsync(CancellationToken.None);
                return false;
            },
            CancellationToken.None));

        Assert.That(committed, Is.False);
        Assert.That(await WithAsync(db => db.Collections.AnyAsync(c => c.Name == "c")), Is.False);
    }

    [Test]
    public async Task TrySave_FaceOfAnotherModelThanItsCollections_IsRefused()
    {
        var image = Picture("a", [1]);
        image.Faces.Add(FaceIn(1, StandInEncoders.SecondModelName));

        Assert.That(await WithAsync(db => TryAddAsync(db, image)), Is.False);
        Assert.That(await WithAsync(db => db.Images.CountAsync()), Is.Zero);
    }

    [Test]
    public async Task TrySave_ReferenceDeleted_IsRefused()
    {
        Assert.That(await WithAsync(db => TryAddAsync(db, StandInEncoders.SecondRowOf(77, 1f))), Is.False);
    }

    private static Image Picture(string name, byte[] bytes) => new()
    {
        CollectionId = 1,
        FileName = name + ".jpg",
        Version = 3,
        Sha256 = Application.Enrolment.NewImage.HashOf(System.Text.Encoding.UTF8.GetBytes(name)),
        Bytes = bytes.Length,
        Format = ImageFormat.Webp,
        Width = 640,
        Height = 480,
        Metadata = new ImageMetadata(Now, "Kamera 😀", -12.25, 179.125),
        AddedAt = Now,
        Content = new ImageContent { Data = bytes },
    };

    private static Face FaceIn(long collection, string model = StandInEncoders.ModelName) => new()
    {
        CollectionId = collection,
        Embeddings = { new FaceEmbedding { Model = model, Embedding = new Embedding(new float[128]) } },
        AddedAt = Now,
    };

    private Task<long> CollectionIdAsync() => WithAsync(db => db.Collections.Select(c => c.Id).SingleAsync());

    private Task<int> AddAsync(params object[] entities) => WithAsync(async db =>
    {
        ((DbContext)db).AddRange(entities);
        return await db.SaveChangesAsync(CancellationToken.None);
    });

    private static Task<bool> TryAddAsync(IFaceSearchDbContext db, params object[] entities)
    {
        ((DbContext)db).AddRange(entities);
        return db.TrySaveChangesAsync(CancellationToken.None);
    }
}
