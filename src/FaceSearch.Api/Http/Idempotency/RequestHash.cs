using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace FaceSearch.Api.Http.Idempotency;

/// <summary>
/// SHA-256 of a request: method, path, query, the headers that describe the body, and the body, hashed incrementally.
/// Not thread-safe.
/// </summary>
/// <remarks>
/// Clients choose a new multipart boundary for each attempt, so it is left out of the hashed body and content type. By
/// the rules of MIME it can't occur in a file.
/// </remarks>
internal sealed class RequestHash : IDisposable
{
    private const int BufferSize = 81920;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] boundary;
    private byte[] carried = [];

    public RequestHash(HttpRequest request)
    {
        var isKnown = MediaTypeHeaderValue.TryParse(request.ContentType, out var contentType);
        boundary = isKnown && HeaderUtilities.RemoveQuotes(contentType!.Boundary) is { Length: > 0 } text
            ? Encoding.UTF8.GetBytes($"--{text}")
            : [];
        string[] head =
        [
            request.Method,
            $"{request.PathBase}{request.Path}".TrimEnd('/'),
            request.QueryString.ToString(),
            isKnown ? contentType!.MediaType.ToString() : string.Empty,
            request.Headers.ContentDisposition.ToString(),
        ];
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', head) + "\n"));
    }

    /// <summary>Bytes of the body so far.</summary>
    public long BodyLength { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        BodyLength += bytes.Length;
        if (boundary.Length == 0)
        {
            hash.AppendData(bytes);
            return;
        }

        var length = carried.Length + bytes.Length;
        var joined = ArrayPool<byte>.Shared.Rent(length);
        carried.CopyTo(joined, 0);
        bytes.CopyTo(joined.AsSpan(carried.Length));
        carried = AppendWithoutBoundaries(joined.AsSpan(0, length)).ToArray();
        ArrayPool<byte>.Shared.Return(joined);
    }

    /// <summary>False when there is more than the limit; the rest is not read then.</summary>
    public async Task<bool> ReadToEndAsync(Stream body, long limit, CancellationToken ct)
    {
        var buffer = new byte[BufferSize];
        for (var total = 0L; total <= limit;)
        {
            var read = await body.ReadAsync(buffer, ct);
            if (read == 0)
                return true;

            Append(buffer.AsSpan(0, read));
            total += read;
        }

        return false;
    }

    /// <returns>Lower-case hexadecimal.</returns>
    public string Finish()
    {
        hash.AppendData(carried);
        carried = [];
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => hash.Dispose();

    /// <returns>The end, in which a boundary may have begun.</returns>
    private ReadOnlySpan<byte> AppendWithoutBoundaries(ReadOnlySpan<byte> bytes)
    {
        for (int at; (at = bytes.IndexOf(boundary)) >= 0; bytes = bytes[(at + boundary.Length)..])
        {
            hash.AppendData(bytes[..at]);
            hash.AppendData([0]);
        }

        var end = Math.Min(bytes.Length, boundary.Length - 1);
        hash.AppendData(bytes[..^end]);
        return bytes[^end..];
    }
}
