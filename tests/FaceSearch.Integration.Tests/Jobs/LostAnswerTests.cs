using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.Infrastructure.Persistence.MySql;
using FaceSearch.Infrastructure.Persistence.Sqlite;
using FaceSearch.Integration.Tests.Persistence;
using FaceSearch.TestSupport;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace FaceSearch.Integration.Tests.Jobs;

/// <summary>The database commits a job with an archive, but its answer does not arrive.</summary>
[Category("Fault-C7")]
internal sealed class LostAnswerTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private readonly LosesOneAnswer answers = new();

    [SetUp]
    public void Intercept() => Server.Replacing = services => services
        .ConfigureDbContext<SqliteFaceSearchDbContext>(builder => builder.AddInterceptors(answers))
        .ConfigureDbContext<MySqlFaceSearchDbContext>(builder => builder.AddInterceptors(answers));

    [Test]
    public async Task BulkEnrolment_IsRunFromItsArchive()
    {
        using var client = Server.CreateClient();
        answers.LoseNext();

        using var answer = await client.PostAsync("/add_faces_in_bulk/", new MultipartFormDataContent
        {
            { new ByteArrayContent(Archives.Zip(("a.png", StandInEncoders.Picture(1f)))), "file", "faces.zip" },
        });

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        await AssertEndsAsync(EnrolmentJobKind.Archive);
    }

    [Test]
    public async Task Import_IsRunFromItsArchive()
    {
        using var client = Server.CreateClient(await Server.IssueKeyAsync(AccessScopes.All));
        await client.PostPictureAsync("/add_face/", StandInEncoders.Picture(1f));
        var export = await client.GetByteArrayAsync("/v1/collections/default/export");
        answers.LoseNext();

        using var answer = await client.PostRawAsync("/v1/collections/copy/import", export, "application/zip");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        await AssertEndsAsync(EnrolmentJobKind.CollectionImport);
    }

    private async Task AssertEndsAsync(EnrolmentJobKind kind)
    {
        EnrolmentJob? job = null;
        await EventuallyAsync(async () =>
            (job = await WithAsync(db => db.EnrolmentJobs.AsNoTracking().SingleOrDefaultAsync())) is { HasEnded: true });

        Assert.That((job?.Kind, job?.State, job?.FailureCode), Is.EqualTo((kind, EnrolmentJobState.Succeeded, (string?)null)));
        Assert.That(job!.Inserted, Is.EqualTo(1));
    }

    private sealed class LosesOneAnswer : SaveChangesInterceptor
    {
        private int toLose;

        public void LoseNext() => toLose = 1;

        public override ValueTask<int> SavedChangesAsync(
            SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
            eventData.Context!.ChangeTracker.Entries<EnrolmentJob>().Any() && Interlocked.Exchange(ref toLose, 0) == 1
                ? throw new IOException("The answer of the commit was lost.")
                : new(result);
    }
}
