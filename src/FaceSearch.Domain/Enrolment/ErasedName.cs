using System.Security.Cryptography;
using System.Text;
using FaceSearch.Domain.Texts;

namespace FaceSearch.Domain.Enrolment;

/// <summary>
/// A person was erased while a job was queued or running: the job drops the pictures that name the person. Only the
/// hash of the name is stored, with the job's id as its salt.
/// </summary>
public sealed class ErasedName
{
    public const int HashLength = 64;

    public Guid JobId { get; init; }

    public required string Hash { get; init; }

    /// <summary>SHA-256 of the name's stored form, in hexadecimal digits.</summary>
    public static string HashOf(Guid jobId, string person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return Convert.ToHexString(SHA256.HashData([.. jobId.ToByteArray(), .. Encoding.UTF8.GetBytes(FieldText.Normalize(person))]));
    }
}
