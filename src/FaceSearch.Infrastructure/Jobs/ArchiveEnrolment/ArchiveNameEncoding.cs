using System.Text;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>
/// Decodes the names of entries that are not marked as UTF-8. Many programs write UTF-8 without the mark. Names that
/// are not valid UTF-8 are decoded in the configured encoding. Decodes only.
/// </summary>
internal sealed class ArchiveNameEncoding : Encoding
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    private readonly Encoding older;

    /// <exception cref="ArgumentException">There is no encoding of that name.</exception>
    public ArchiveNameEncoding(string older) =>
        this.older = CodePagesEncodingProvider.Instance.GetEncoding(older) ?? GetEncoding(older);

    public override int GetCharCount(byte[] bytes, int index, int count) =>
        Of(bytes.AsSpan(index, count)).GetCharCount(bytes, index, count);

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        Of(bytes.AsSpan(byteIndex, byteCount)).GetChars(bytes, byteIndex, byteCount, chars, charIndex);

    public override int GetMaxCharCount(int byteCount) =>
        Math.Max(Strict.GetMaxCharCount(byteCount), older.GetMaxCharCount(byteCount));

    public override int GetByteCount(char[] chars, int index, int count) => throw new NotSupportedException();

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        throw new NotSupportedException();

    public override int GetMaxByteCount(int charCount) => throw new NotSupportedException();

    private Encoding Of(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? Strict : older;
}
