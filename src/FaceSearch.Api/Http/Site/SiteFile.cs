using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Http.Site;

/// <summary>A file of the web page in memory, with the encodings that the build has compressed.</summary>
internal sealed class SiteFile
{
    private const string Forever = "public, max-age=31536000, immutable";

    /// <summary>Browsers revalidate each time; an unchanged file is answered with 304.</summary>
    private const string CheckedEachTime = "no-cache";

    private readonly string contentType;
    private readonly string caching;

    /// <summary>The smallest first; the plain one has no encoding and is last.</summary>
    private readonly IReadOnlyList<Variant> variants;

    /// <param name="path">Where the file lies; <c>path.br</c> and <c>path.gz</c> may lie beside it.</param>
    /// <param name="isHashed">Its name holds a hash of its content, so it may be cached forever.</param>
    public SiteFile(string path, string contentType, bool isHashed)
    {
        this.contentType = contentType;
        caching = isHashed ? Forever : CheckedEachTime;
        variants = [.. Load(path)];
    }

    public Task WriteAsync(HttpContext context)
    {
        var accepted = context.Request.GetTypedHeaders().AcceptEncoding;
        var variant = variants.First(candidate => candidate.Encoding is null || IsAccepted(candidate.Encoding, accepted));
        var headers = context.Response.Headers;
        headers.CacheControl = caching;
        headers.Vary = HeaderNames.AcceptEncoding;
        if (variant.Encoding is not null)
            headers.ContentEncoding = variant.Encoding;

        return Results.Bytes(variant.Content, contentType, entityTag: variant.Tag).ExecuteAsync(context);
    }

    private static bool IsAccepted(string encoding, IList<StringWithQualityHeaderValue> accepted) =>
        accepted.Any(value => value.Value.Equals(encoding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);

    private static IEnumerable<Variant> Load(string path)
    {
        foreach (var (suffix, encoding) in new[] { (".br", "br"), (".gz", "gzip"), (string.Empty, (string?)null) })
        {
            if (File.Exists(path + suffix))
                yield return new Variant(encoding, File.ReadAllBytes(path + suffix));
        }
    }

    /// <summary>One encoding of the file. Each has its own ETag.</summary>
    private sealed record Variant(string? Encoding, byte[] Content)
    {
        public EntityTagHeaderValue Tag { get; } =
            new($"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Content).AsSpan(0, 10))}\"");
    }
}
