using FaceSearch.Application.Results;
using FluentValidation;
using Mediator;

namespace FaceSearch.Application.Behaviours;

/// <summary>Refuses an invalid message before its handler runs.</summary>
internal sealed class ValidationBehaviour<TMessage, TResponse>(IEnumerable<IValidator<TMessage>> validators)
    : IPipelineBehavior<TMessage, TResponse>
    where TMessage : IMessage
    where TResponse : IResult<TResponse>
{
    public ValueTask<TResponse> Handle(
        TMessage message, MessageHandlerDelegate<TMessage, TResponse> next, CancellationToken cancellationToken)
    {
        var fields = validators
            .SelectMany(validator => validator.Validate(message).Errors)
            .GroupBy(failure => failure.PropertyName, failure => failure.ErrorMessage)
            .ToDictionary(group => group.Key, group => group.ToArray());

        return fields.Count == 0
            ? next(message, cancellationToken)
            : ValueTask.FromResult(TResponse.Fail(CommonErrors.InvalidFields(fields)));
    }
}
