namespace FaceSearch.Api.Http.Authentication;

/// <summary>The connection of a caller whose change is finished also without it. A feature of the request.</summary>
internal sealed class CallerConnection(CancellationToken aborted)
{
    /// <summary>Cancelled when the caller has disconnected, and its answer need not be complete.</summary>
    public CancellationToken Disconnected { get; private set; } = aborted;

    /// <summary>A retry will get this answer.</summary>
    public void RequireCompleteAnswer() => Disconnected = CancellationToken.None;
}
