namespace FaceSearch.Api.Http.OpenApi;

/// <summary>
/// Registers the document's transformers. Each adds one thing that the controllers' signatures do not show.
/// </summary>
internal static class OpenApiRegistration
{
    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.AddSchemaTransformer(SchemaShapes.TransformAsync);
            options.AddOperationTransformer(FileBodies.TransformAsync);
            options.AddOperationTransformer(Parameters.TransformAsync);
            options.AddOperationTransformer(SchemaLimits.TransformAsync);
            options.AddOperationTransformer(KeysAndScopes.TransformAsync);
            options.AddOperationTransformer(ProblemResponses.TransformAsync);
            options.AddOperationTransformer(ResponseHeaders.TransformAsync);
            options.AddOperationTransformer(OperationExamples.TransformAsync);
            options.AddDocumentTransformer(DocumentDescription.TransformAsync);
        });
}
