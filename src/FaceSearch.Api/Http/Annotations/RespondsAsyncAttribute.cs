namespace FaceSearch.Api.Http.Annotations;

/// <summary>With <c>Prefer: respond-async</c> the call is answered with 202 before the work is done.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RespondsAsyncAttribute : Attribute;
