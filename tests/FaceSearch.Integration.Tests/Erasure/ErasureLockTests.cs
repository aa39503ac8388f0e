using System.Data.Common;
using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Persistence.MySql;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Erasure;

/// <summary>
/// A picture that an erasure deletes gets no further face meanwhile: it would be deleted too, after its 201, and stay in the
/// index. SQLite has one writer at a time.
/// </summary>
[TestFixture(DatabaseProvider.MySql)]
internal sealed class ErasureLockTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private const string SecondFace = "/v1/collections/default/faces?targetBox=280,190,99,99";

    private static readonly byte[] Picture = StandInEncoders.Picture("both", 1f, 5f);

    private BeforeTombstones erasure = null!;
    private HttpClient client = null!;

    [SetUp]
    public async Task Start()
    {
        erasure = new BeforeTombstones();
        Server.Replacing = services => services
            .ConfigureDbContext<MySqlFaceSearchDbContext>(builder => builder.AddInterceptors(erasure));
        client = Server.CreateClient();
        client.DefaultRequestHeaders.Add("X-Api-Key", await Server.IssueKeyAsync(AccessScopes.All));
        await client.PostPictureAsync("/v1/collections/default/faces?person=Ada", Picture);
    }

    [TearDown]
    public void Stop() => client.Dispose();

    [TestCase("persons", "personId")]
    [TestCase("faces", "faceId")]
    public async Task FurtherFaceOfThePicture_WaitsForTheErasure(string list, string id)
    {
        var rows = await (await client.GetAsync($"/v1/collections/default/{list}")).ReadJsonAsync();
        var enrolment = Task.FromResult<HttpResponseMessage>(null!);
        erasure.Do = async () =>
        {
            enrolment = client.PostPictureAsync(SecondFace, Picture);
            Assert.That(await EventuallyAsync(async () => enrolment.IsCompleted || await IsWaitingAsync()), Is.True);
        };

        var erased = await client.DeleteAsync($"/v1/collections/default/{list}/{rows.GetProperty(list)[0].GetProperty(id).GetString()}");

        Assert.That(erased.IsSuccessStatusCode, Is.True, await erased.Content.ReadAsStringAsync());
        Assert.That((await enrolment).StatusCode, Is.EqualTo(HttpStatusCode.Created));
        var faces = await (await client.GetAsync("/v1/collections/default/faces")).ReadJsonAsync();
        Assert.That(faces.GetProperty("faces").EnumerateArray().Select(face => face.GetProperty("person").GetString()), Is.EqualTo(new string?[] { null }));
        Assert.That(await CountMatchesAsync(client, 5f), Is.EqualTo(1));
        Assert.That(await CountMatchesAsync(client, 1f), Is.Zero);
    }

    private Task<bool> IsWaitingAsync() => WithAsync(async db =>
        await ((DbContext)db).Database.SqlQueryRaw<long>("SELECT COUNT(*) AS Value FROM performance_schema.data_lock_waits").SingleAsync() > 0);

    /// <summary>Runs something in the erasure's transaction, after it has read what to delete.</summary>
    private sealed class BeforeTombstones : DbCommandInterceptor
    {
        private int count;

        public Func<Task> Do { get; set; } = () => Task.CompletedTask;

        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains("INSERT INTO `face_removals`", StringComparison.Ordinal) && Interlocked.Increment(ref count) == 1)
                await Do();

            return result;
        }
    }
}
