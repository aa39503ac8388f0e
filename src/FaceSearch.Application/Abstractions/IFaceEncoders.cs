using System.Diagnostics.CodeAnalysis;

namespace FaceSearch.Application.Abstractions;

/// <summary>The engine profiles of this server.</summary>
public interface IFaceEncoders
{
    /// <summary>The profile new collections are made with.</summary>
    IFaceEncoder Default { get; }

    /// <summary>False when this server can't run the model a collection is pinned to.</summary>
    bool TryGet(string model, [NotNullWhen(true)] out IFaceEncoder? encoder);

    /// <summary>
    /// Runs CPU-bound engine work when a core is free, so that any number of requests share the cores and none
    /// starves the thread pool.
    /// </summary>
    Task<T> RunAsync<T>(Func<T> work, CancellationToken ct);
}
