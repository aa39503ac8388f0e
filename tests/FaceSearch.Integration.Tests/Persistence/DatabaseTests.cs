using FaceSearch.Api.Tests.Support;
using FaceSearch.Application.Abstractions;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Persistence;

/// <summary>Runs the same tests on both databases. Each test has a new database and a server.</summary>
[TestFixture(DatabaseProvider.Sqlite)]
[TestFixture(DatabaseProvider.MySql)]
internal abstract class DatabaseTests(DatabaseProvider provider)
{
    /// <summary>How long a test waits for what must happen. It is no promise: a busy machine is slow.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    protected DatabaseProvider Provider => provider;

    protected TestDatabase Database { get; private set; } = null!;

    protected TestServer Server => Database.Server;

    [SetUp]
    public void Create() => Database = new TestDatabase(provider);

    [TearDown]
    public async Task DropAsync()
    {
        if (Database is not null)
            await Database.DisposeAsync();
    }

    /// <summary>Runs with a new context, like a use case.</summary>
    protected async Task<T> WithAsync<T>(Func<IFaceSearchDbContext, Task<T>> use, TestServer? server = null)
    {
        await using var scope = (server ?? Server).Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<IFaceSearchDbContext>());
    }

    protected static async Task<bool> EventuallyAsync(Func<Task<bool>> holds)
    {
        for (var deadline = DateTime.UtcNow + Patience; DateTime.UtcNow < deadline; await Task.Delay(20))
        {
            if (await holds())
                return true;
        }

        return await holds();
    }

    protected static async Task<int> CountMatchesAsync(HttpClient client, float face)
    {
        var json = await (await client.PostPictureAsync("/search_faces/?k=1000", StandInEncoders.Picture(face))).ReadJsonAsync();
        return json.GetProperty("faces")[0].GetProperty("matches").GetArrayLength();
    }
}
