namespace FaceSearch.Api.Http.Annotations;

/// <summary>A request's property that may be absent as far as the type goes, but that the message's validator asks for.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RequiredByValidatorAttribute : Attribute;
