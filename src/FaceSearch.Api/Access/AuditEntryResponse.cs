using System.Text.Json.Serialization;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Paging;
using FaceSearch.Domain.Audit;

namespace FaceSearch.Api.Access;

/// <summary>An audited call. It holds ids only.</summary>
/// <param name="KeyId">The caller's API key; null for a caller without one and for a command of the server's program.</param>
/// <param name="Action">The operationId in this document, for example <c>searchFaces</c>.</param>
/// <param name="Collection">The collection's name; null for calls that concern no collection.</param>
/// <param name="Subject">The id of what was read, changed, removed or created; null when the call has none.</param>
/// <param name="Status">The HTTP status it was answered with.</param>
public sealed record AuditEntryResponse(
    DateTime At, string? KeyId, string Action, string? Collection, string? Subject, int Status)
{
    internal static AuditEntryResponse From(AuditEntry entry) => new(
        entry.At,
        entry.ApiKeyId is { } id ? EntityId.Format(id) : null,
        entry.Action,
        entry.Collection,
        entry.Subject,
        entry.Status);
}

/// <summary>A page of the audit log, newest first.</summary>
/// <param name="NextCursor">Send it as 'cursor' to get the next page; absent on the last page.</param>
public sealed record AuditEntryListResponse(
    [property: Limits(MaxItems = Page.MaxLimit)] IReadOnlyList<AuditEntryResponse> Entries,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor)
{
    internal static AuditEntryListResponse From(Page<AuditEntry> page) =>
        new([.. page.Items.Select(AuditEntryResponse.From)], page.NextCursor);
}
