namespace FaceSearch.Infrastructure.Persistence.Mapping;

internal static class ColumnSizes
{
    public const int Model = 64;

    public const int Sha256 = 64;

    /// <summary>128 floats.</summary>
    public const int Embedding = 512;
}
