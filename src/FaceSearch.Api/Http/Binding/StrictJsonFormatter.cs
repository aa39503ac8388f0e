using System.Text;
using System.Text.Json;
using FaceSearch.Application.Results;
using Microsoft.AspNetCore.Mvc.Formatters;

namespace FaceSearch.Api.Http.Binding;

/// <summary>
/// Reads JSON bodies instead of the framework's formatter, which can't tell which member is unknown, repeated or
/// invalid.
/// </summary>
internal sealed class StrictJsonFormatter : TextInputFormatter
{
    private readonly JsonSerializerOptions json;

    public StrictJsonFormatter(JsonSerializerOptions json)
    {
        this.json = json;
        SupportedEncodings.Add(UTF8EncodingWithoutBOM);
        SupportedEncodings.Add(UTF16EncodingLittleEndian);
        SupportedMediaTypes.Add("application/json");
        SupportedMediaTypes.Add("text/json");
        SupportedMediaTypes.Add("application/*+json");
    }

    public override async Task<InputFormatterResult> ReadRequestBodyAsync(InputFormatterContext context, Encoding encoding)
    {
        var http = context.HttpContext;
        try
        {
            await using var transcoded = encoding.CodePage == Encoding.UTF8.CodePage
                ? null
                : Encoding.CreateTranscodingStream(http.Request.Body, encoding, Encoding.UTF8, leaveOpen: true);
            using var document = await JsonDocument.ParseAsync(
                transcoded ?? http.Request.Body, cancellationToken: http.RequestAborted);
            return Read(context, document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or with texts that are not Unicode.
            return Refuse(context, CommonErrors.InvalidField(JsonMembers.WholeBody, "The body is not JSON."));
        }
    }

    private InputFormatterResult Read(InputFormatterContext context, JsonElement body)
    {
        var type = json.GetTypeInfo(context.ModelType);
        var members = new JsonMembers(CallParameters.Of(context.HttpContext), json);
        members.Check(body, type);
        if (members.Refusal is { } refusal)
            return Refuse(context, refusal);

        try
        {
            var model = body.Deserialize(type);
            return model is null ? InputFormatterResult.NoValue() : InputFormatterResult.Success(model);
        }
        catch (JsonException exception)
        {
            return Refuse(context, JsonMembers.RefusalOf(exception, type));
        }
    }

    private static InputFormatterResult Refuse(InputFormatterContext context, Error error)
    {
        context.HttpContext.Features.Set(new RefusedBody(error));
        context.ModelState.AddModelError(string.Empty, error.Message);
        return InputFormatterResult.Failure();
    }
}

/// <summary>Why the body was refused. A feature of the request, as model state has no error codes.</summary>
internal sealed record RefusedBody(Error Error);
