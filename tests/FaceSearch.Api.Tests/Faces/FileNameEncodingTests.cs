using System.Net;
using System.Text;
using System.Text.Json;
using FaceSearch.Api.Tests.Support;
using FaceSearch.Domain.Texts;
using FaceSearch.TestSupport;

namespace FaceSearch.Api.Tests.Faces;

/// <summary>Texts of forms that are not UTF-8.</summary>
[Category("Fault-F2")]
internal sealed class FileNameEncodingTests : FacesFixture
{
    private const string Boundary = "----x";

    private static int pictures;

    [TestCase("windows-1252", "", "")]
    [TestCase("utf-8", "", "")]
    [TestCase("iso-8859-1", "; charset=iso-8859-1", "")]
    [TestCase("ibm850", "; charset=\"ibm850\"", "")]
    [TestCase("ibm850", "", "ibm850")]
    public async Task FileName_InTheCharsetOfThePart_NamesThePerson(string encoding, string charset, string charsetOfForm)
    {
        var name = TextEncodings.Find(encoding)!.GetBytes("René_0001.png");

        var answer = await PostAsync(
            charsetOfForm == "" ? [] : Field("_charset_", "", Encoding.ASCII.GetBytes(charsetOfForm)),
            Part([.. "name=\"file\"; filename=\""u8, .. name, .. "\""u8], "image/png" + charset, NewPicture()));

        Assert.That(answer.GetProperty("faces")[0].Text("person"), Is.EqualTo("René"));
    }

    [TestCase("filename*=iso-8859-1''Ren%E9_0001.png")]
    [TestCase("filename*=windows-1251''%C8%E2%E0%ED_0001.png", "Иван")]
    [TestCase("filename=\"x.png\"; filename*=UTF-8''Ren%C3%A9_0001.png")]
    public async Task FileName_WithACharsetOfItsOwn_NamesThePerson(string parameter, string person = "René")
    {
        var answer = await PostAsync([], Part(Encoding.ASCII.GetBytes("name=\"file\"; " + parameter), "image/png", NewPicture()));

        Assert.That(answer.GetProperty("faces")[0].Text("person"), Is.EqualTo(person));
    }

    [Test]
    public async Task DifferentNamesThatAreNotUtf8_AreDifferentPersons()
    {
        foreach (var last in new byte[] { 0xE9, 0xE8 })
            await PostAsync([], Part([.. "name=\"file\"; filename=\"Ren"u8, last, .. "_0001.png\""u8], "image/png", NewPicture()));

        Assert.That(await NamesAsync(), Is.EqualTo(new[] { "Renè", "René" }));
    }

    [TestCase("filename=\"Ren\uFFFD_0001.png\"")]
    [TestCase("filename=\"Jos?_0001.png\"")]
    public async Task FileName_ThatWasNotDecoded_NamesNobody(string parameter)
    {
        var answer = await PostAsync([], Part(Encoding.UTF8.GetBytes("name=\"file\"; " + parameter), "image/png", NewPicture()));

        Assert.That(answer.GetProperty("faces")[0].Text("person"), Is.Null);
    }

    [TestCase("windows-1252", "")]
    [TestCase("koi8-r", "; charset=koi8-r")]
    public async Task Field_InTheCharsetOfThePart_IsDecoded(string encoding, string charset)
    {
        var person = encoding == "koi8-r" ? "Иван" : "René";

        var answer = await PostAsync(
            Field("person", charset, TextEncodings.Find(encoding)!.GetBytes(person)), Part("name=\"file\"; filename=\"x.png\""u8, "image/png", NewPicture()));

        Assert.That(answer.GetProperty("faces")[0].Text("person"), Is.EqualTo(person));
    }

    [TestCase("_charset_", "")]
    [TestCase("person", "; charset=klingon")]
    public async Task UnknownCharset_Is400(string field, string charset)
    {
        var body = Body(Field(field, charset, "klingon"u8.ToArray()), Part("name=\"file\"; filename=\"x.png\""u8, "image/png", NewPicture()));

        var problem = await AssertProblemAsync(await SendAsync(body), HttpStatusCode.BadRequest, "invalid-request");

        Assert.That(problem.GetProperty("errors").TryGetProperty(field, out _), Is.True, problem.ToString());
    }

    /// <summary>The headers are found wherever they are in the stream, also behind a large part.</summary>
    [Test]
    public async Task FileName_BehindALargePart_IsDecoded([Values(0, 4_000, 4_090, 8_100)] int length)
    {
        var answer = await PostAsync(
            Field("tags", "", Encoding.ASCII.GetBytes(string.Join(',', Enumerable.Repeat(new string('a', 60), 32)).PadRight(length, ','))),
            Part([.. "name=\"file\"; filename=\"Ren"u8, 0xE9, .. "_0001.png\""u8], "image/png", [.. NewPicture(), .. new byte[100_000]]));

        Assert.That(answer.GetProperty("faces")[0].Text("person"), Is.EqualTo("René"));
    }

    private static byte[] NewPicture() => StandInEncoders.Picture([Interlocked.Increment(ref pictures)]);

    private static byte[] Field(string name, string charset, byte[] value) =>
        Part(Encoding.ASCII.GetBytes($"name=\"{name}\""), "text/plain" + charset, value);

    private static byte[] Part(ReadOnlySpan<byte> disposition, string type, byte[] content) =>
    [
        .. Encoding.ASCII.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; "), .. disposition,
        .. Encoding.ASCII.GetBytes($"\r\nContent-Type: {type}\r\n\r\n"), .. content, .. "\r\n"u8,
    ];

    private static byte[] Body(params byte[][] parts) => [.. parts.SelectMany(part => part), .. Encoding.ASCII.GetBytes($"--{Boundary}--\r\n")];

    private Task<HttpResponseMessage> SendAsync(byte[] body) =>
        Client.PostRawAsync(Faces, body, $"multipart/form-data; boundary={Boundary}");

    private async Task<JsonElement> PostAsync(params byte[][] parts)
    {
        var answer = await SendAsync(Body(parts));
        var json = await answer.ReadJsonAsync();
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created), json.ToString());
        return json;
    }

    private async Task<string[]> NamesAsync()
    {
        var json = await (await Client.GetAsync($"/v1/collections/{CollectionName}/persons")).ReadJsonAsync();
        return [.. json.GetProperty("persons").EnumerateArray().Select(person => person.Text("name")!)];
    }
}
