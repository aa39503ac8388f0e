namespace FaceSearch.Domain.Audit;

/// <summary>An audited call: ids only, never a name, a picture or an embedding.</summary>
public sealed class AuditEntry
{
    public const int ActionMaxLength = 64;

    public const int SubjectMaxLength = 255;

    public long Id { get; private set; }

    public DateTime At { get; init; }

    /// <summary>Null for a caller without a key and for a command of the server's program.</summary>
    public long? ApiKeyId { get; init; }

    /// <summary>The operation's id in the OpenAPI document: <c>searchFaces</c>.</summary>
    public required string Action { get; init; }

    public string? Collection { get; init; }

    /// <summary>The id in the route, or of the created resource: a face, person, job or key.</summary>
    public string? Subject { get; init; }

    /// <summary>The HTTP status it was answered with.</summary>
    public int Status { get; init; }
}
