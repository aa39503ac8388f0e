// Calls a real server with the client that Kiota generates: KiotaSmoke URL FACES ZIP; the key is in FACESEARCH_KEY.
using FaceSearch.Kiota;
using FaceSearch.Kiota.Models;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

const string Ada = "Ada Lovelace";

// Kiota's ApiKeyAuthenticationProvider sends keys by https only, and the server of the tests speaks http.
FaceSearchClient Connect(string key)
{
    var http = KiotaClientFactory.Create();
    http.DefaultRequestHeaders.Add("X-Api-Key", key);
    return new FaceSearchClient(new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = args[0] });
}

var client = Connect(Environment.GetEnvironmentVariable("FACESEARCH_KEY")!);
var (faces, zip) = (args[1], args[2]);
int passed = 0, failed = 0;

void Check<T>(string name, T expected, T actual)
{
    var isEqual = Equals(expected, actual);
    Console.WriteLine(isEqual ? $"ok   {name}" : $"FAIL {name}: expected '{expected}', got '{actual}'");
    _ = isEqual ? passed++ : failed++;
}

MultipartBody Photographs(params (string Field, string Person, int Number)[] pictures)
{
    var body = new MultipartBody();
    foreach (var (field, person, number) in pictures)
    {
        var name = $"{person}_{number:D4}.jpg";
        body.AddOrReplacePart(field, "image/jpeg", File.ReadAllBytes(Path.Combine(faces, "lfw", person, name)), name);
    }

    return body;
}

MultipartBody Photograph(string person, int number) => Photographs(("file", person, number));

async Task<ProblemResponse?> RefusalAsync<T>(Task<T?> call)
{
    try
    {
        await call;
        return null;
    }
    catch (ProblemResponse refused)
    {
        return refused;
    }
}

// Collections
var made = await client.V1.Collections.PostAsync(new CreateCollectionRequest { Name = "staff" });
Check("make a collection", 0, made?.FaceCount);
var staff = client.V1.Collections["staff"];
Check("list collections", true, (await client.V1.Collections.GetAsync())?.Collections?.Any(one => one.Name == "staff"));

// Enrol
var enrolled = await staff.Faces.PostAsync(Photograph("Ashanti", 1), call =>
{
    call.QueryParameters.Person = Ada;
    call.QueryParameters.Tags = ["staff", "london"];
    call.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
});
var face = enrolled!.Faces!.Single();
Check("enrol", (Ada, "london,staff"), (face.Person!, string.Join(',', face.Tags!)));
var duplicate = await RefusalAsync(staff.Faces.PostAsync(Photograph("Ashanti", 1)));
Check("a duplicate is refused", "urn:facesearch:problem:duplicate-picture", duplicate?.Type);
Check("and names the face", face.FaceId, duplicate?.FaceId);
Check("the first route adds too", true, (await client.Add_face.PostAsync(Photograph("Halle_Berry", 1)))?.Face is not null);

// Search
var found = await staff.Search.PostAsync(Photograph("Ashanti", 2), call =>
{
    call.QueryParameters.K = 1;
    call.QueryParameters.Tolerance = 0.7f;
    call.QueryParameters.GroupByAsSearchGrouping = SearchGrouping.Person;
});
Check("search", face.FaceId, found?.Faces?.Single().Matches?.Single().FaceId);
Check("by person", Ada, found?.Faces?.Single().Groups?.Single().Person);
var verified = await client.V1.Verify.PostAsync(
    Photographs(("first", "Ashanti", 1), ("second", "Ashanti", 2)), call => call.QueryParameters.Tolerance = 0.7f);
Check("verify", true, verified?.Match);

// Pictures, changes
using (var picture = await staff.Faces[face.FaceId!].Image.GetAsync())
{
    Check("a picture is a JPEG", 0xFF, picture!.ReadByte());
}

using (var crop = await staff.Faces[face.FaceId!].Crop.GetAsync(call => call.QueryParameters.Size = 64))
{
    Check("a crop is a JPEG", 0xFF, crop!.ReadByte());
}

var changed = await staff.Faces[face.FaceId!].PatchAsync(
    new ChangeFaceRequest { Tags = ["paris"] }, call => call.Headers.Add("If-Match", "*"));
Check("change tags", (Ada, "paris"), (changed?.Person!, changed?.Tags?.Single()!));

// A zip
var archive = new MultipartBody();
archive.AddOrReplacePart("file", "application/zip", await File.ReadAllBytesAsync(zip), "faces.zip");
var job = await staff.Jobs.PostAsync(archive);
while (job!.EndedAt is null)
{
    await Task.Delay(200);
    job = await client.V1.Jobs[$"{job.JobId}"].GetAsync();
}

Check("a zip", EnrolmentJobState.Succeeded, job.State);
var items = await client.V1.Jobs[$"{job.JobId}"].Items.GetAsync(call => call.QueryParameters.OutcomeAsEnrolmentOutcome = EnrolmentOutcome.Failed);
Check("the failed item says why", "no-face", items?.Items?.Single().Reason);

// Keys
var issued = await client.V1.Keys.PostAsync(new IssueApiKeyRequest { Name = "door", Scopes = [ApiKeyScope.Search] });
var refused = await RefusalAsync(Connect(issued!.Key!.Secret!).V1.Keys.GetAsync());
Check("a key without the scope is refused", "urn:facesearch:problem:forbidden", refused?.Type);

// Export, import
using (var export = await staff.Export.GetAsync())
{
    using var bytes = new MemoryStream();
    await export!.CopyToAsync(bytes);
    var copy = new MultipartBody();
    copy.AddOrReplacePart("file", "application/zip", bytes.ToArray(), "export.zip");
    Check("import", JobKind.Import, (await client.V1.Collections["copy"].Import.PostAsync(copy))?.Kind);
}

// Remove
var receipt = await staff.Persons[changed!.PersonId!].DeleteAsync();
Check("erase a person", (1, 1), (receipt!.FaceCount!.Value, receipt.ImageCount!.Value));
await staff.DeleteAsync();
Check("a removed collection is gone", 404, (await RefusalAsync(staff.GetAsync()))?.ResponseStatusCode);

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 ? 0 : 1;
