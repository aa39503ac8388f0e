using System.Text;
using FaceSearch.Api.Http.Idempotency;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;

namespace FaceSearch.Api.Tests.Http;

internal sealed class RequestHashTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(200);

    [Test]
    public void Hash_HoweverTheBodyIsCut_IsTheSame() =>
        Prop.ForAll(Parts().ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), (parts, size) =>
        {
            var body = BodyOf("edge", parts);
            return HashOf("edge", body, size) == HashOf("edge", body, body.Length);
        }).Check(Runs);

    [Test]
    public void Hash_OtherBoundary_IsTheSame() =>
        Prop.ForAll(Parts().ToArbitrary(), Gen.Choose(1, 40).ToArbitrary(), (parts, size) =>
            HashOf("edge", BodyOf("edge", parts), size) == HashOf("anotherOne", BodyOf("anotherOne", parts), 7)).Check(Runs);

    [Test]
    public void Hash_OtherParts_Differs() =>
        Prop.ForAll(Parts().ToArbitrary(), Parts().ToArbitrary(), (one, other) =>
            one.SequenceEqual(other)
            == (HashOf("edge", BodyOf("edge", one), 9) == HashOf("edge", BodyOf("edge", other), 9))).Check(Runs);

    /// <summary>Texts similar to a boundary.</summary>
    private static Gen<List<string>> Parts() => Gen.Elements("", "-", "--", "--e", "edg", "\r\n", "x", "--edg-").ListOf().Select(parts => parts.ToList());

    private static byte[] BodyOf(string boundary, IEnumerable<string> parts) =>
        Encoding.ASCII.GetBytes(string.Concat(parts.Select(part => $"--{boundary}\r\n{part}\r\n")) + $"--{boundary}--\r\n");

    private static string HashOf(string boundary, byte[] body, int size)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = "POST";
        request.ContentType = $"multipart/form-data; boundary=\"{boundary}\"";
        using var hash = new RequestHash(request);
        foreach (var chunk in body.Chunk(Math.Max(1, size)))
            hash.Append(chunk);
        return hash.Finish();
    }
}
