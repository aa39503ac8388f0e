using System.Diagnostics.CodeAnalysis;

namespace FaceSearch.Application.Results;

/// <summary>Lets a behaviour refuse a message without knowing its answer's type.</summary>
public interface IResult<out TSelf>
{
    Error? Error { get; }

    static abstract TSelf Fail(Error error);
}

/// <summary>A value, or the error instead of it.</summary>
public readonly record struct Result<T> : IResult<Result<T>>
{
    private readonly T? value;

    private Result(T? value, Error? error)
    {
        this.value = value;
        Error = error;
    }

    public Error? Error { get; }

    public bool IsSuccess => Error is null;

    /// <exception cref="InvalidOperationException">There is an error instead.</exception>
    public T Value => Error is null ? value! : throw new InvalidOperationException($"No value: {Error.Code}.");

    [SuppressMessage("Design", "CA1000", Justification = "The static abstract member of IResult.")]
    public static Result<T> Fail(Error error) => new(default, error);

    [SuppressMessage("Usage", "CA2225", Justification = "Fail and the value itself are the named alternatives.")]
    public static implicit operator Result<T>(T value) => new(value, null);

    [SuppressMessage("Usage", "CA2225", Justification = "Fail and the value itself are the named alternatives.")]
    public static implicit operator Result<T>(Error error) => new(default, error);
}
