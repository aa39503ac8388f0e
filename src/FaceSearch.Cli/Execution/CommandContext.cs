using System.CommandLine;
using FaceSearch.Cli.CommandLine;
using FaceSearch.Cli.Connection;
using FaceSearch.Cli.Output;
using FaceSearch.Client;

namespace FaceSearch.Cli.Execution;

/// <summary>One run of one command: its arguments, its terminal, its server. Not thread-safe.</summary>
internal sealed class CommandContext
{
    private readonly ParseResult parsed;
    private FaceSearchClient? client;
    private Uri? server;

    public CommandContext(ParseResult parsed, CommandEnvironment environment, CancellationToken ct)
    {
        this.parsed = parsed;
        Environment = environment;
        Ct = ct;
        Terminal = new Terminal(
            environment,
            parsed.GetValue(GlobalOptions.Json),
            parsed.GetValue(GlobalOptions.Quiet),
            parsed.GetValue(GlobalOptions.Verbose));
    }

    public CancellationToken Ct { get; }

    public CommandEnvironment Environment { get; }

    public Terminal Terminal { get; }

    /// <summary>Where the server is.</summary>
    /// <exception cref="CliException">The address is invalid.</exception>
    public Uri Server => server ??= ServerAddress.Parse(
        parsed.GetValue(GlobalOptions.Server)
        ?? Environment.Variable(GlobalOptions.ServerVariable)
        ?? GlobalOptions.DefaultServer);

    public bool HasKey { get; private set; }

    /// <summary>The client of the server; creating it reads the key.</summary>
    public FaceSearchClient Client => client ??= Connect(RetryTimeout.None);

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Connects for a long command, which retries while the server is unreachable.</summary>
    /// <param name="onTrouble">
    /// Called with a message when the server does not answer, and with null when it answers again.
    /// </param>
    public FaceSearchClient ConnectPatiently(TimeSpan patience, Action<string?> onTrouble) =>
        client = Connect(new RetryTimeout(patience, onTrouble));

    private FaceSearchClient Connect(RetryTimeout patience)
    {
        var key = KeySource.Read(
            parsed.GetValue(GlobalOptions.KeyFile), parsed.GetValue(GlobalOptions.AskKey), Environment, Terminal);
        HasKey = key is not null;
        if (HasKey && Server.Scheme == Uri.UriSchemeHttp && !Server.IsLoopback)
            Terminal.Remark($"The API key goes to {Server.Host} unencrypted: use https where others can listen.");

        return FaceSearchClient.Connect(
            Server, key, new RetryHandler(Environment.NewHandler(), patience, Environment.Time));
    }
}
