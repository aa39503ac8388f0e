using System.Net;
using System.Net.Sockets;
using System.Security.Claims;

namespace FaceSearch.Api.Http.RateLimits;

/// <summary>What requests are counted by: the API key, and the address for callers without a known key.</summary>
internal static class Callers
{
    public static string Of(ClaimsPrincipal? user, HttpContext context) =>
        user?.FindFirstValue(ClaimTypes.NameIdentifier) is { } key
            ? $"key {key}"
            : NetworkOf(context.Connection.RemoteIpAddress);

    /// <summary>IPv6 callers are limited per /64, as one customer has a whole /64.</summary>
    private static string NetworkOf(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => Convert.ToHexString(address.GetAddressBytes(), 0, 8),
        _ => address.ToString(),
    };
}
