namespace FaceSearch.Api.Http.Authentication;

/// <summary>The endpoint takes the API key in this form field too.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ApiKeyInFormAttribute(string name) : Attribute
{
    public string Field => name;
}
