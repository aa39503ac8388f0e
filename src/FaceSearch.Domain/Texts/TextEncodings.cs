using System.Text;
using System.Text.Unicode;

namespace FaceSearch.Domain.Texts;

/// <summary>Decodes names that may not be UTF-8. What can't be decoded becomes U+FFFD. Thread-safe.</summary>
public static class TextEncodings
{
    private static readonly DecoderReplacementFallback Undecoded = new("\uFFFD");

    private static readonly Encoding Windows1252 = Find("windows-1252")!;

    /// <summary>An encoding by its name: <c>shift_jis</c>, <c>gbk</c>, <c>cp866</c>. Null for an unknown name.</summary>
    public static Encoding? Find(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ReplacementFallback, Undecoded)
                ?? Encoding.GetEncoding(name, EncoderFallback.ReplacementFallback, Undecoded);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <param name="encoding">Null for UTF-8, or Windows-1252 when the bytes are not valid UTF-8.</param>
    public static string Decode(ReadOnlySpan<byte> bytes, Encoding? encoding)
    {
        var text = (encoding ?? (Utf8.IsValid(bytes) ? Encoding.UTF8 : Windows1252)).GetString(bytes);

        // Code pages map bytes that they don't define to these control characters.
        return text.AsSpan().ContainsAnyInRange('\u0080', '\u009F')
            ? string.Concat(text.Select(c => c is >= '\u0080' and <= '\u009F' ? '\uFFFD' : c))
            : text;
    }
}
