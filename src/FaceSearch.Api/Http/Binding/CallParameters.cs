using System.Text.Json;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Api.Http.Problems;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace FaceSearch.Api.Http.Binding;

/// <summary>
/// The names that a call takes in its query, form and body. They are read from the action's parameters. Names are
/// compared in any letter case, as model binding does. Metadata of the endpoint; immutable.
/// </summary>
internal sealed class CallParameters
{
    private readonly string[] query, form, members;
    private readonly HashSet<string> lists = new(StringComparer.OrdinalIgnoreCase);

    public CallParameters(ActionDescriptor action, IModelMetadataProvider metadata, JsonSerializerOptions json)
    {
        var bound = action.Parameters.ToLookup(parameter => parameter.BindingInfo?.BindingSource);
        var files = action.EndpointMetadata.OfType<FileBodyAttribute>().SingleOrDefault();
        var forms = bound[BindingSource.Form]
            .SelectMany(parameter => metadata.GetMetadataForType(parameter.ParameterType).Properties).ToArray();

        query = [.. bound[BindingSource.Query].Select(NameOf)];
        form = [.. forms.Select(NameOf), .. files?.Files ?? [], .. files?.OtherNames ?? [], .. files?.Fields ?? []];
        members = [.. bound[BindingSource.Body]
            .SelectMany(parameter => json.GetTypeInfo(parameter.ParameterType).Properties)
            .Select(property => property.Name)];
        BindsForm = forms.Length > 0;
        TakesBody = form.Length > 0 || bound[BindingSource.Body].Any();
        lists.UnionWith(bound[BindingSource.Query]
            .Where(parameter => metadata.GetMetadataForType(parameter.ParameterType).IsEnumerableType).Select(NameOf));
    }

    /// <summary>True when model binding reads the form. Otherwise the action reads it as a stream.</summary>
    public bool BindsForm { get; }

    public bool TakesBody { get; }

    public static CallParameters Of(HttpContext http) => http.GetEndpoint()!.Metadata.GetRequiredMetadata<CallParameters>();

    /// <summary>Null when the call takes the query parameter. Error: <c>unknown-parameter</c>.</summary>
    public Error? FindUnknownInQuery(string name) => Has(query, name)
        ? null
        : ApiErrors.UnknownParameter("query parameter", name, query, Has(form, name) ? "form field" : Has(members, name) ? "member of the JSON body" : null);

    /// <summary>Null when the call takes the field of a form, which may be a file's. Error: <c>unknown-parameter</c>.</summary>
    public Error? FindUnknownInForm(string name) => Has(form, name)
        ? null
        : ApiErrors.UnknownParameter("form field", name, form, Has(query, name) ? "query parameter" : null);

    /// <summary>The error for an unknown member of the JSON body.</summary>
    public Error UnknownInJson(string name, IReadOnlyList<string> known) =>
        ApiErrors.UnknownParameter("member of the JSON body", name, known, Has(query, name) ? "query parameter" : null);

    /// <summary>Null when the values of a known name are valid. Error: <c>invalid-request</c>.</summary>
    public Error? FindFault(string name, IReadOnlyList<string?> values)
    {
        var known = query.Concat(form).First(one => one.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (values.Any(string.IsNullOrWhiteSpace))
            return CommonErrors.InvalidField(known, $"{known} has no value. Give one, or leave it out.");
        return values.Count > 1 && !lists.Contains(known)
            ? CommonErrors.InvalidField(known, $"{known} was given {values.Count} times. Give it once.")
            : null;
    }

    private static bool Has(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static string NameOf(ParameterDescriptor parameter) => parameter.BindingInfo?.BinderModelName ?? parameter.Name;

    private static string NameOf(ModelMetadata property) => property.BinderModelName ?? property.PropertyName!;
}
