using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.TestSupport;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>Properties of the list of faces: with any filter and limit, the pages are the filtered set.</summary>
internal sealed class FacesPagingTests : FacesFixture
{
    private const int Count = 60;

    private static readonly string[] People = ["Ada", "Grace", "José", "7000000"];
    private static readonly string[] Tags = ["red", "blue", "green"];

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(60).WithQuietOnSuccess(true);

    /// <summary>Null means no filter; no face has the last value of each list.</summary>
    private static readonly Arbitrary<Question> Questions = (
        from person in Gen.Elements<string?>([null, .. People, "Unknown"])
        from tag in Gen.Elements<string?>([null, .. Tags, "unused"])
        from externalId in Gen.Frequency(
            (5, Gen.Constant((string?)null)), (1, Gen.Choose(0, Count + 5).Select(i => (string?)$"ext-{i}")))
        from limit in Gen.Frequency((3, Gen.Choose(1, 12)), (1, Gen.Choose(13, 500)))
        select new Question(person, tag, externalId, limit)).ToArbitrary();

    private List<Face> stored = [];

    [SetUp]
    public async Task FillAsync()
    {
        stored = await UseDatabaseAsync(async db =>
        {
            var collection = await db.Collections.SingleAsync(c => c.Name == CollectionName);
            var persons = People.Select(name => new Person { CollectionId = collection.Id, Name = name }).ToList();
            for (var i = 0; i < Count; i++)
                db.Images.Add(ImageOf(collection.Id, i, persons));

            await db.SaveChangesAsync(CancellationToken.None);
            return await db.Faces.AsNoTracking().Include(face => face.Person).Include(face => face.Tags)
                .Where(face => face.CollectionId == collection.Id).OrderBy(face => face.Id).ToListAsync();
        });
    }

    [Test]
    public void Pages_AnyFilterAndLimit_AreTheFilteredSetOnceInOrder() => Check.One(
        Runs,
        Prop.ForAll(Questions, question =>
        {
            var pages = PagesOf(question).ToList();
            var expected = stored.Where(question.Admits).Select(face => $"{face.Id}").ToList();

            return pages.SelectMany(page => page).SequenceEqual(expected)
                && pages.SkipLast(1).All(page => page.Length == question.Limit)
                && pages[^1].Length <= question.Limit
                && (expected.Count == 0 || pages[^1].Length > 0);
        }));

    // Faces are added and removed between two pages; the faces present all the time are listed once, in order.
    [Test]
    public void Pages_FacesRemovedMeanwhile_TheOthersAreListedOnce() => Check.One(
        Runs.WithMaxTest(12),
        Prop.ForAll(Questions, Gen.Choose(0, Count - 1).ToArbitrary(), (question, index) =>
        {
            var left = stored.Where(question.Admits).ToList();
            var victim = stored[index % stored.Count];
            var listed = new List<string>();
            foreach (var page in PagesOf(question with { Limit = 1 + (question.Limit % 5) }))
            {
                listed.AddRange(page);
                if (stored.Remove(victim))
                    DeleteAsync($"{victim.Id}").GetAwaiter().GetResult().EnsureSuccessStatusCode();
            }

            var expected = left.Select(face => $"{face.Id}").ToList();
            return listed.Distinct().Count() == listed.Count
                && listed.SequenceEqual(expected.Where(listed.Contains))
                && expected.Except(listed).All(id => id == $"{victim.Id}");
        }));

    private IEnumerable<string[]> PagesOf(Question question)
    {
        string? cursor = null;
        do
        {
            using var response = Client.GetAsync(Faces + question.ToQuery(cursor)).GetAwaiter().GetResult();
            var json = response.ReadJsonAsync().GetAwaiter().GetResult();
            yield return [.. json.GetProperty("faces").EnumerateArray().Select(face => face.Text("faceId")!)];
            cursor = json.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
    }

    private static Image ImageOf(long collectionId, int number, List<Person> persons)
    {
        var image = new Image
        {
            CollectionId = collectionId,
            FileName = string.Empty,
            Width = 640,
            Height = 480,
            Sha256 = $"{number:x64}",
            Format = ImageFormat.Png,
            Metadata = ImageMetadata.None,
        };
        var face = new Face
        {
            CollectionId = collectionId,
            Person = number % 5 == 4 ? null : persons[number % 5],
            ExternalId = number % 3 == 0 ? $"ext-{number}" : null,
            Embeddings = { StandInEncoders.RowOf(number) },
        };
        foreach (var tag in Tags.Where((_, i) => (number & (1 << i)) != 0))
            face.Tags.Add(new FaceTag { Tag = tag });

        image.Faces.Add(face);
        return image;
    }

    private sealed record Question(string? Person, string? Tag, string? ExternalId, int Limit)
    {
        public bool Admits(Face face) =>
            (Person is null || face.Person?.Name == Person)
            && (Tag is null || face.Tags.Any(tag => tag.Tag == Tag))
            && (ExternalId is null || face.ExternalId == ExternalId);

        public string ToQuery(string? cursor)
        {
            var parts = new (string Name, string? Value)[]
            {
                ("person", Person), ("tag", Tag), ("externalId", ExternalId), ("cursor", cursor), ("limit", $"{Limit}"),
            };
            return "?" + string.Join('&', parts
                .Where(part => part.Value is not null)
                .Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        }
    }
}
