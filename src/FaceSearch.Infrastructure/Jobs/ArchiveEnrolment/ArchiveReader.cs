using System.IO.Compression;
using System.IO.Hashing;
using FaceSearch.Application.Enrolment;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Texts;

namespace FaceSearch.Infrastructure.Jobs.ArchiveEnrolment;

/// <summary>Reads an archive entry by entry. Entries are never written to disk and their names never used as paths.</summary>
/// <param name="nameEncoding">Of the entries' names, as the client has named it; null when it has not.</param>
internal sealed class ArchiveReader(string file, EnrolmentOptions limits, string? nameEncoding) : IDisposable
{
    private readonly ZipArchive archive = ZipFile.OpenRead(file);

    private readonly string[] names = ArchiveNames.Read(
        file, nameEncoding is null ? null : TextEncodings.Find(nameEncoding), TextEncodings.Find(limits.ArchiveNameEncoding)!);

    /// <summary>Entries that are files; directories don't count.</summary>
    public int Count => names.Count(name => !ArchiveEntryName.IsDirectory(name));

    /// <summary>Every file in the directory's order, without the positions to leave out; one in memory at a time.</summary>
    public IEnumerable<EnrolmentCandidate> Read(IReadOnlySet<int> leaveOut)
    {
        for (var position = 0; position < names.Length; position++)
        {
            if (!ArchiveEntryName.IsDirectory(names[position]) && !leaveOut.Contains(position))
                yield return Read(position, archive.Entries[position]);
        }
    }

    public void Dispose() => archive.Dispose();

    private EnrolmentCandidate Read(int position, ZipArchiveEntry entry)
    {
        var candidate = new EnrolmentCandidate(position, EnrolmentItem.Shorten(FieldText.Clean(names[position])));
        if (ArchiveEntryName.Classify(names[position]) is { } verdict)
            return candidate.Decide(verdict.Outcome, verdict.Reason);
        if (entry.IsEncrypted)
            return candidate.Fail(EnrolmentReasons.EncryptedEntry);
        if (entry.Length > limits.MaxPictureBytes)
            return candidate.Fail(EnrolmentReasons.PictureTooLarge);

        return ReadBytes(entry) is { } bytes
            ? candidate with { Bytes = bytes, Sha256 = NewImage.HashOf(bytes) }
            : candidate.Fail(EnrolmentReasons.DamagedEntry);
    }

    /// <summary>Null when the entry can't be unpacked, or its length or checksum does not match the directory.</summary>
    private static byte[]? ReadBytes(ZipArchiveEntry entry)
    {
        try
        {
            using var stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            return stream.ReadByte() < 0 && Crc32.HashToUInt32(bytes) == entry.Crc32 ? bytes : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            return null;
        }
    }
}
