using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace FaceSearch.Api.Http.Binding;

/// <summary>
/// Binds requests strictly: unknown parameters and invalid values are refused, not ignored. See
/// docs/decisions/0101-strict-requests.md.
/// </summary>
internal static class BindingRegistration
{
    public static void AddStrictBinding(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IActionDescriptorProvider, CallParametersProvider>());
        services.AddOptions<MvcOptions>().PostConfigure<IOptions<JsonOptions>>((mvc, json) =>
        {
            mvc.Filters.Add(new StrictRequestFilter());
            mvc.ModelBinderProviders.Insert(0, new StrictValueBinder.Provider());
            mvc.InputFormatters.RemoveType<SystemTextJsonInputFormatter>();
            mvc.InputFormatters.Add(new StrictJsonFormatter(json.Value.JsonSerializerOptions));
        });
    }
}
