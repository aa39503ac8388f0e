using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Results;
using FaceSearch.Domain.Collections;
using FluentValidation;
using Mediator;

namespace FaceSearch.Application.Collections;

/// <summary>Creates an empty collection and pins its model.</summary>
/// <param name="Profile">An engine profile's name or a model's id; the server's own when it is null.</param>
public sealed record CreateCollectionCommand(string Name, string? Profile) : ICommand<Result<CollectionResult>>;

internal sealed class CreateCollectionValidator : AbstractValidator<CreateCollectionCommand>
{
    public CreateCollectionValidator() => RuleFor(command => command.Name)
        .Must(CollectionName.IsOne)
        .OverridePropertyName("name")
        .WithMessage($"name has {CollectionName.Rule}.");
}

internal sealed class CreateCollectionHandler(IFaceSearchDbContext db, IFaceEncoders encoders, TimeProvider time)
    : ICommandHandler<CreateCollectionCommand, Result<CollectionResult>>
{
    public async ValueTask<Result<CollectionResult>> Handle(
        CreateCollectionCommand command, CancellationToken cancellationToken)
    {
        var encoder = encoders.Default;
        if (command.Profile is { } profile && !encoders.TryGetProfile(profile, out encoder))
            return CommonErrors.UnknownProfile(profile);

        var collection = new Collection
        {
            Name = command.Name,
            Model = encoder.Model,
            CreatedAt = time.GetUtcNow().UtcDateTime,
        };
        db.Collections.Add(collection);
        return await db.TrySaveChangesAsync(cancellationToken)
            ? new CollectionResult(collection.Id, collection.Name, collection.Model, 0, 0, collection.CreatedAt)
            : CollectionErrors.Exists(command.Name);
    }
}
