using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace FaceSearch.Api.Http.Binding;

/// <summary>
/// Binds numbers, booleans and enums instead of the framework's binders, which accept hexadecimal numbers, thousands
/// separators, lists of enums and the numbers of enums.
/// </summary>
internal sealed class StrictValueBinder(ValueForm form) : IModelBinder
{
    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var given = bindingContext.ValueProvider.GetValue(bindingContext.ModelName);
        if (given == ValueProviderResult.None)
            return Task.CompletedTask;

        bindingContext.ModelState.SetModelValue(bindingContext.ModelName, given);
        if (form.Parse(given.FirstValue ?? string.Empty) is { } value)
            bindingContext.Result = ModelBindingResult.Success(value);
        else
            bindingContext.ModelState.TryAddModelError(bindingContext.ModelName, $"{bindingContext.ModelName} {form.Expected}");
        return Task.CompletedTask;
    }

    internal sealed class Provider : IModelBinderProvider
    {
        public IModelBinder? GetBinder(ModelBinderProviderContext context) =>
            ValueForm.Of(context.Metadata.UnderlyingOrModelType) is { } form ? new StrictValueBinder(form) : null;
    }
}
