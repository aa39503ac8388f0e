using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Http.Binding;

/// <summary>Puts what each action takes into its endpoint's metadata, once, when the server starts.</summary>
internal sealed class CallParametersProvider(IModelMetadataProvider metadata, IOptions<JsonOptions> json) : IActionDescriptorProvider
{
    /// <summary>After the framework's own, which finds the actions.</summary>
    public int Order => 0;

    public void OnProvidersExecuting(ActionDescriptorProviderContext context)
    {
        foreach (var action in context.Results)
            action.EndpointMetadata.Add(new CallParameters(action, metadata, json.Value.JsonSerializerOptions));
    }

    public void OnProvidersExecuted(ActionDescriptorProviderContext context)
    {
    }
}
