using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FaceSearch.Application.Results;

/// <summary>
/// Tags of the states of resources. An answer also shows rows whose changes do not increment the resource's version: a
/// face has its person's name. So the tag is the version and a hash of those values.
/// </summary>
internal static class ResourceTag
{
    private const int HashBytes = 8;

    /// <param name="shown">What the answer shows of other rows.</param>
    /// <returns>Letters, digits and a hyphen, so it may be an HTTP ETag. Equal for equal answers.</returns>
    public static string Of(int version, params IEnumerable<object?> shown)
    {
        var text = string.Join('\n', shown.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return string.Create(CultureInfo.InvariantCulture, $"{version}-{Convert.ToHexStringLower(hash, 0, HashBytes)}");
    }
}
