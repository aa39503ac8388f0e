using System.Text;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Access;

/// <summary>A valid request for each row of the table; only the requested resource may be missing.</summary>
internal static class AccessRequests
{
    public const string NoSuchId = "999999";

    /// <param name="query">With its question mark.</param>
    public static HttpRequestMessage Of(DocumentedAccess row, string jobId, string imageId, string query = "")
    {
        var (method, path) = (row.Route.Split(' ')[0], row.Route.Split(' ')[1]);
        path = path
            .Replace("{collection}", "default", StringComparison.Ordinal)
            .Replace("{jobId}", jobId, StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal)
            .Replace("{faceId}", NoSuchId, StringComparison.Ordinal)
            .Replace("{personId}", NoSuchId, StringComparison.Ordinal)
            .Replace("{imageId}", imageId, StringComparison.Ordinal)
            .Replace("{keyId}", NoSuchId, StringComparison.Ordinal);
        return new HttpRequestMessage(HttpMethod.Parse(method), path + query) { Content = ContentOf(row, imageId) };
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public static MultipartFormDataContent Form(params (string Field, byte[] Bytes)[] files)
    {
        var form = new MultipartFormDataContent();
        foreach (var (field, bytes) in files)
            form.Add(new ByteArrayContent(bytes), field, field);
        return form;
    }

    private static HttpContent? ContentOf(DocumentedAccess row, string imageId) => row.Body switch
    {
        Body.Picture => Form(("file", StandInEncoders.Picture(1f))),
        Body.TwoPictures => Form(("first", StandInEncoders.Picture(1f)), ("second", StandInEncoders.Picture(2f))),
        Body.Zip => Form(("file", Archives.Zip(("a.png", StandInEncoders.Picture(2f))))),
        Body.ImageIdForm => new FormUrlEncodedContent([KeyValuePair.Create("image_id", imageId)]),
        Body.Json => Json(row.Json),
        _ => null,
    };
}
