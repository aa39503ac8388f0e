// Calls a real server with the generated client: Smoke URL FACES ZIP; the key is in FACESEARCH_KEY.
using FaceSearch.Client;

const string Staff = "staff";
const string Ada = "Ada Lovelace";

var client = FaceSearchClient.Connect(new Uri(args[0]), Environment.GetEnvironmentVariable("FACESEARCH_KEY"));
var (faces, zip) = (args[1], args[2]);
int passed = 0, failed = 0;

void Check<T>(string name, T expected, T actual)
{
    var isEqual = Equals(expected, actual);
    Console.WriteLine(isEqual ? $"ok   {name}" : $"FAIL {name}: expected '{expected}', got '{actual}'");
    _ = isEqual ? passed++ : failed++;
}

FileParameter Photograph(string person, int number)
{
    var name = $"{person}_{number:D4}.jpg";
    return new FileParameter(File.OpenRead(Path.Combine(faces, "lfw", person, name)), name, "image/jpeg");
}

async Task<ProblemResponse?> RefusalAsync<T>(Task<T> call)
{
    try
    {
        await call;
        return null;
    }
    catch (FaceSearchException<ProblemResponse> refused)
    {
        return refused.Result;
    }
}

// Collections
var made = await client.CreateCollectionAsync(new CreateCollectionRequest(name: Staff, profile: null));
Check("make a collection", 0, made.FaceCount);
Check("list collections", true, (await client.ListCollectionsAsync()).Collections.Any(one => one.Name == Staff));

// Enrol
var key = Guid.NewGuid().ToString();
var enrolled = await client.EnrolFacesAsync(
    Staff, person: Ada, externalId: "first", tags: "staff,london", file: Photograph("Ashanti", 1), idempotency_Key: key);
var face = enrolled.Faces.Single();
Check("enrol", (Ada, "first", "london,staff"), (face.Person, face.ExternalId, string.Join(',', face.Tags)));
var again = await client.EnrolFacesAsync(
    Staff, person: Ada, externalId: "first", tags: "staff,london", file: Photograph("Ashanti", 1), idempotency_Key: key);
Check("enrol again with the same Idempotency-Key", face.FaceId, again.Faces.Single().FaceId);

var duplicate = await RefusalAsync(client.EnrolFacesAsync(Staff, file: Photograph("Ashanti", 1)));
Check("a duplicate is refused", "urn:facesearch:problem:duplicate-picture", duplicate?.Type);
Check("and names the face", face.FaceId, duplicate?.FaceId);
var invalid = await RefusalAsync(client.ListFacesAsync(Staff, limit: 0));
Check("a bad limit is named", "limit", invalid?.Errors?.Keys.Single());

// Search
var found = await client.SearchCollectionAsync(Staff, k: 1, tolerance: 0.7f, groupBy: SearchGrouping.Person, file: Photograph("Ashanti", 2));
Check("search", face.FaceId, found.Faces.Single().Matches.Single().FaceId);
Check("by person", Ada, found.Faces.Single().Groups?.Single().Person);
var detected = await client.DetectFacesAsync(embeddings: true, file: Photograph("Ashanti", 2));
var byEmbedding = await client.SearchByEmbeddingAsync(
    Staff, new EmbeddingSearchRequest(embedding: detected.Faces.Single().Embedding!, model: detected.Model), k: 1, tolerance: 0.7f);
Check("search by embedding", face.FaceId, byEmbedding.Matches.Single().FaceId);
Check("verify", true, (await client.VerifyFacesAsync(tolerance: 0.7f, first: Photograph("Ashanti", 1), second: Photograph("Ashanti", 2))).Match);

// List, change, look
Check("list faces", face.FaceId, (await client.ListFacesAsync(Staff, tag: "staff")).Faces.Single().FaceId);
var changed = await client.ChangeFaceAsync(
    Staff, face.FaceId, new ChangeFaceRequest(externalId: null, person: null, tags: ["paris"]) { Nulls = { ["externalId"] = null } }, if_Match: "*");
Check("change tags, take the external id away, leave the person", (Ada, null, "paris"), (changed.Person, changed.ExternalId, changed.Tags?.Single()));
Check("an old version is refused", 412, (await RefusalAsync(client.ChangeFaceAsync(
    Staff, face.FaceId, new ChangeFaceRequest(externalId: null, person: null, tags: ["rome"]), if_Match: "\"9999\"")))?.Status);
using (var crop = await client.GetFaceCropAsync(Staff, face.FaceId, size: 64))
{
    Check("a crop is a JPEG", 0xFF, crop.Stream.ReadByte());
}

// A zip
var job = await client.StartJobAsync(Staff, file: new FileParameter(File.OpenRead(zip), "faces.zip", "application/zip"));
while (job.EndedAt is null)
{
    await Task.Delay(200);
    job = await client.GetJobAsync(job.JobId.ToString());
}

Check("a job", (EnrolmentJobState.Succeeded, 1), (job.State, job.Failed));
Check("its failure", "no-face", job.Failures.Single().Reason);
Check("its items", job.Inserted, (await client.ListJobItemsAsync(job.JobId.ToString(), EnrolmentOutcome.Inserted, limit: 500)).Items.Count);

// Page by page
var (names, cursor) = (new List<string>(), (string?)null);
do
{
    var page = await client.ListPersonsAsync(Staff, cursor: cursor, limit: 1);
    names.AddRange(page.Persons.Select(one => one.Name));
    cursor = page.NextCursor;
}
while (cursor is not null);
Check("persons page by page", "Ada Lovelace,Goran Persson,Halle Berry,Tony Shalhoub", string.Join(',', names));

// Keys
var issued = await client.IssueKeyAsync(new IssueApiKeyRequest(collections: [Staff], expiresAt: null, name: "door", scopes: [ApiKeyScope.Search]));
var door = FaceSearchClient.Connect(new Uri(args[0]), issued.Key.Secret);
Check("a key for searches only", 403, (await RefusalAsync(door.ListFacesAsync(Staff)))?.Status);
await client.RevokeKeyAsync(issued.Key.KeyId);

// Erase
var receipt = await client.ErasePersonAsync(Staff, changed.PersonId!);
Check("erase a person", (1, 1), (receipt.FaceCount, receipt.ImageCount));
Check("who is gone", 404, (await RefusalAsync(client.GetFaceAsync(Staff, face.FaceId)))?.Status);
await client.RemoveCollectionAsync(Staff);
Check("a removed collection is gone", 404, (await RefusalAsync(client.GetCollectionAsync(Staff)))?.Status);

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 ? 0 : 1;
