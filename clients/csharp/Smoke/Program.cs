// Drives a real server through the generated client: Smoke URL FACES ZIP; the key is in FACESEARCH_KEY.
using FaceSearch.Client;

var client = FaceSearchClient.Connect(new Uri(args[0]), Environment.GetEnvironmentVariable("FACESEARCH_KEY"));
var faces = args[1];
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

var added = await client.AddFaceAsync(Photograph("Ashanti", 1));
Check("enrol", "Ashanti", added.Face.Person);

var found = await client.SearchFacesAsync(k: 1, tolerance: 0.7f, file: Photograph("Ashanti", 2));
Check("search", added.Face.FaceId, found.Faces.Single().Matches.Single().FaceId);

try
{
    await client.AddFaceAsync(Photograph("Ashanti", 1));
    Check("a problem", "an exception", "none");
}
catch (FaceSearchException<ProblemResponse> refused)
{
    Check("a problem", "urn:facesearch:problem:duplicate-picture", refused.Result.Type);
    Check("its facts", added.Face.FaceId, refused.Result.FaceId);
}

Console.WriteLine($"{passed} passed, {failed} failed");
return failed == 0 ? 0 : 1;
