namespace FaceSearch.Api.Http.Annotations;

/// <summary>The answer carries the resource's version as its <c>ETag</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnswersVersionAttribute : Attribute;

/// <summary>The change is made only to the version that <c>If-Match</c> names, when the header is there.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ExpectsVersionAttribute : Attribute;
