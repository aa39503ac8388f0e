namespace FaceSearch.Api.OpenApi;

/// <summary>The document says more than the controllers' signatures: each transformer adds one thing.</summary>
internal static class OpenApiRegistration
{
    public static IServiceCollection AddOpenApiDocument(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.AddSchemaTransformer(SchemaShapes.TransformAsync);
            options.AddOperationTransformer(FileBodies.TransformAsync);
            options.AddOperationTransformer(Parameters.TransformAsync);
            options.AddOperationTransformer(KeysAndScopes.TransformAsync);
            options.AddOperationTransformer(ProblemResponses.TransformAsync);
            options.AddOperationTransformer(ResponseHeaders.TransformAsync);
            options.AddOperationTransformer(OperationExamples.TransformAsync);
            options.AddDocumentTransformer(DocumentDescription.TransformAsync);
        });
}
