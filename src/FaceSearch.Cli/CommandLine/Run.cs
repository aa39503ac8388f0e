using System.CommandLine;
using FaceSearch.Cli.Connection;
using FaceSearch.Cli.Output;
using FaceSearch.Client;

namespace FaceSearch.Cli.CommandLine;

/// <summary>One run of one command: its arguments, its terminal, its server. Not thread-safe.</summary>
internal sealed class Run
{
    private readonly ParseResult parsed;
    private FaceSearchClient? client;
    private Uri? server;

    public Run(ParseResult parsed, Surroundings surroundings, CancellationToken ct)
    {
        this.parsed = parsed;
        Surroundings = surroundings;
        Ct = ct;
        Terminal = new Terminal(
            surroundings,
            parsed.GetValue(GlobalOptions.Json),
            parsed.GetValue(GlobalOptions.Quiet),
            parsed.GetValue(GlobalOptions.Verbose));
    }

    public CancellationToken Ct { get; }

    public Surroundings Surroundings { get; }

    public Terminal Terminal { get; }

    /// <summary>Where the server is.</summary>
    /// <exception cref="CliException">The address is invalid.</exception>
    public Uri Server => server ??= ServerAddress.Parse(
        parsed.GetValue(GlobalOptions.Server)
        ?? Surroundings.Variable(GlobalOptions.ServerVariable)
        ?? GlobalOptions.DefaultServer);

    public bool HasKey { get; private set; }

    /// <summary>The client of the server; creating it reads the key.</summary>
    public FaceSearchClient Client => client ??= Connect(Patience.None);

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>Connects for a long command, which retries while the server is unreachable.</summary>
    /// <param name="onTrouble">
    /// Called with a message when the server does not answer, and with null when it answers again.
    /// </param>
    public FaceSearchClient ConnectPatiently(TimeSpan patience, Action<string?> onTrouble) =>
        client = Connect(new Patience(patience, onTrouble));

    private FaceSearchClient Connect(Patience patience)
    {
        var key = KeySource.Read(
            parsed.GetValue(GlobalOptions.KeyFile), parsed.GetValue(GlobalOptions.AskKey), Surroundings, Terminal);
        HasKey = key is not null;
        if (HasKey && Server.Scheme == Uri.UriSchemeHttp && !Server.IsLoopback)
            Terminal.Remark($"The API key goes to {Server.Host} unencrypted: use https where others can listen.");

        return FaceSearchClient.Connect(
            Server, key, new RetryHandler(Surroundings.NewHandler(), patience, Surroundings.Time));
    }
}
