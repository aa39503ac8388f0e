using FaceSearch.Client;

namespace FaceSearch.Cli.Enrolment;

internal static class InterimClient
{
    public static async Task<EnrolmentJobResponse> StartJobAsync(this FaceSearchClient client, string collection, string key, FileParameter file, CancellationToken ct)
    {
        _ = (collection, key);
        try
        {
            await client.AddFacesInBulkAsync(file, ct);
            throw new InvalidOperationException();
        }
        catch (FaceSearchException<EnrolmentJobResponse> e)
        {
            return e.Result;
        }
    }
}
