using FaceSearch.Cli.CommandLine;

namespace FaceSearch.Cli.Connection;

internal static class ServerAddress
{
    /// <exception cref="CliException">It is not the address of a server.</exception>
    public static Uri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new CliException($"'{text}' is no server address: write http://HOST:PORT or https://HOST.", ExitCode.Usage);
        if (address.UserInfo.Length > 0 || address.Query.Length > 0)
            throw new CliException("A server address holds no secrets and no query: the key has its own ways, see --help.", ExitCode.Usage);

        return address;
    }
}
