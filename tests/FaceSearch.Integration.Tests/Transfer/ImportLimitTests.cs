using System.Net;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Infrastructure.Persistence;
using FaceSearch.TestSupport;

namespace FaceSearch.Integration.Tests.Transfer;

[Category("Fault-A9")]
internal sealed class ImportLimitTests(DatabaseProvider provider) : TransferFixture(provider)
{
    [Test]
    public async Task MoreEntriesThanAllowed_AreRefusedBeforeTheyAreParsed() => await AssertRefusedAsync(
        "c",
        Archives.Zip([.. Enumerable.Range(0, 7).Select(i => ($"{i}", Array.Empty<byte>()))]),
        HttpStatusCode.RequestEntityTooLarge,
        "too-many-entries");

    protected override void Configure(TestServer server) => server.Settings["Enrolment:MaxArchiveEntries"] = "6";
}
