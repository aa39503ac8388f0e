using FaceSearch.Application.Results;
using FaceSearch.Domain.Enrolment;
using Mediator;

namespace FaceSearch.Application.Erasure;

/// <summary>
/// Works off the duties that follow an erasure's commit. All of them may be repeated. False when one could not be done
/// yet: send the command again later.
/// </summary>
/// <param name="OnProgress">Called for each batch.</param>
public sealed record FinishErasureCommand(EnrolmentJob Job, Action OnProgress) : ICommand<Result<bool>>;

internal sealed class FinishErasureHandler(FaceEraser faces, CollectionEraser collections)
    : ICommandHandler<FinishErasureCommand, Result<bool>>
{
    public async ValueTask<Result<bool>> Handle(FinishErasureCommand command, CancellationToken cancellationToken) =>
        command.Job.Kind == EnrolmentJobKind.CollectionRemoval
            ? await collections.FinishAsync(command.Job, command.OnProgress, cancellationToken)
            : await faces.FinishAsync(command.Job, command.OnProgress, cancellationToken);
}
