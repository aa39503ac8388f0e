using System.Diagnostics.CodeAnalysis;
using FaceSearch.Application.Results;

namespace FaceSearch.Application.Abstractions;

/// <summary>The engine profiles of this server.</summary>
public interface IFaceEncoders
{
    /// <summary>The default profile and why it was chosen; null until the models are loaded.</summary>
    EngineChoice? Choice { get; }

    /// <summary>The profile of new collections.</summary>
    /// <exception cref="InvalidOperationException">The models are not loaded yet.</exception>
    IFaceEncoder Default { get; }

    /// <summary>The profiles that this server runs, the default first; empty until the models are loaded.</summary>
    IReadOnlyList<RunningProfile> Profiles { get; }

    /// <summary>False when this server can't run the model a collection is pinned to.</summary>
    bool TryGet(string model, [NotNullWhen(true)] out IFaceEncoder? encoder);

    /// <summary>
    /// Finds an encoder by a profile's name in any letter case (<c>mobile</c>, <c>dlib</c>) or a model's id
    /// (<c>mobilefacenet-v1</c>). False is <c>unknown-profile</c>: <see cref="CommonErrors.UnknownProfile"/>.
    /// </summary>
    bool TryGetProfile(string profileOrModel, [NotNullWhen(true)] out IFaceEncoder? encoder);

    /// <summary>
    /// Runs CPU-bound engine work when a core is free, so that any number of requests share the cores and none
    /// starves the thread pool.
    /// </summary>
    Task<T> RunAsync<T>(Func<T> work, CancellationToken ct);

    /// <summary>
    /// Runs CPU-bound work on one picture when the memory it takes and then a core are free. A picture whose work takes more
    /// than all the memory there is for pictures runs alone.
    /// </summary>
    /// <param name="wait">The longest wait for memory: <see cref="PictureWait"/>.</param>
    /// <returns>
    /// In addition to the errors of the work: <c>busy</c> after the wait, and <c>too-many-pixels</c> for a picture
    /// that takes more than all that memory to decode.
    /// </returns>
    Task<Result<T>> RunAsync<T>(PictureCost cost, TimeSpan wait, Func<Result<T>> work, CancellationToken ct);
}

/// <summary>How long a picture waits for memory.</summary>
public static class PictureWait
{
    /// <summary>Of a request; then it is refused as <c>busy</c>.</summary>
    public static readonly TimeSpan Request = TimeSpan.FromSeconds(30);

    /// <summary>Of a job: until it is cancelled.</summary>
    public static readonly TimeSpan Job = Timeout.InfiniteTimeSpan;
}
