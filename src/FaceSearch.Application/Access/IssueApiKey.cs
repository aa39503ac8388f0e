using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Access;
using FaceSearch.Domain.Texts;
using FluentValidation;
using Mediator;

namespace FaceSearch.Application.Access;

/// <summary>A new key. Its secret is in the answer and is not stored.</summary>
/// <param name="Collections">The names of the only collections that the key may use; null for all.</param>
/// <param name="ExpiresAt">UTC, in the future; null when the key does not expire.</param>
public sealed record IssueApiKeyCommand(
    string Name, AccessScopes Scopes, IReadOnlyList<string>? Collections, DateTime? ExpiresAt)
    : ICommand<Result<IssuedApiKey>>
{
    public string Name { get; } = FieldText.Normalize(Name);
}

public sealed record IssuedApiKey(ApiKeyResult Key, string Secret);

internal sealed class IssueApiKeyValidator : AbstractValidator<IssueApiKeyCommand>
{
    public IssueApiKeyValidator(TimeProvider time)
    {
        RuleFor(command => command.Name)
            .Must(name => FieldText.IsValid(name, ApiKey.NameMaxLength))
            .OverridePropertyName("name")
            .WithMessage($"name says whose key it is, in 1 to {ApiKey.NameMaxLength} characters.");
        RuleFor(command => command.Scopes)
            .Must(scopes => scopes != AccessScopes.None && (scopes & ~AccessScopes.All) == 0)
            .OverridePropertyName("scopes")
            .WithMessage("scopes is one or more of search, read, write, admin.");
        RuleFor(command => command.Collections)
            .Must(names => names is not [] && names?.Any(string.IsNullOrEmpty) != true)
            .OverridePropertyName("collections")
            .WithMessage("collections has one name or more; leave it out for a key for all collections.");
        RuleFor(command => command.ExpiresAt)
            .Must(expiry => expiry is null || expiry > time.GetUtcNow().UtcDateTime)
            .OverridePropertyName("expiresAt")
            .WithMessage("expiresAt is a time in the future.");
    }
}

internal sealed class IssueApiKeyHandler(IFaceSearchDbContext db, CollectionResolver collections, TimeProvider time)
    : ICommandHandler<IssueApiKeyCommand, Result<IssuedApiKey>>
{
    public async ValueTask<Result<IssuedApiKey>> Handle(IssueApiKeyCommand command, CancellationToken cancellationToken)
    {
        var names = command.Collections?.Distinct(StringComparer.Ordinal).ToArray();
        var bound = new List<long>();
        foreach (var name in names ?? [])
        {
            var found = await collections.FindIdAsync(name, cancellationToken);
            if (found.Error is { } error)
                return error;

            bound.Add(found.Value);
        }

        var key = ApiKey.Issue(
            command.Name, command.Scopes, time.GetUtcNow().UtcDateTime, out var secret, command.ExpiresAt, bound);
        db.ApiKeys.Add(key);
        return await db.TrySaveChangesAsync(cancellationToken)
            ? new IssuedApiKey(ApiKeyResult.From(key, names ?? []), secret)
            : AccessErrors.KeyNameTaken(command.Name);
    }
}
