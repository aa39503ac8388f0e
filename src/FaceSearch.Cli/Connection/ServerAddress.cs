using FaceSearch.Cli.CommandLine;

namespace FaceSearch.Cli.Connection;

internal static class ServerAddress
{
    /// <exception cref="CliException">The address is invalid.</exception>
    public static Uri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new CliException($"'{text}' is not a valid server address: write http://HOST:PORT or https://HOST.", ExitCode.Usage);
        if (address.UserInfo.Length > 0 || address.Query.Length > 0)
            throw new CliException("A server address must not contain a user, a password or a query. For the ways to give the key see --help.", ExitCode.Usage);

        return address;
    }
}
