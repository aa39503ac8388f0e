using System.Text.Json.Serialization;
using FaceSearch.Api.Http.Annotations;
using FaceSearch.Application.Abstractions;
using FaceSearch.Application.Jobs;
using FaceSearch.Application.Paging;
using FaceSearch.Domain.Enrolment;
using FaceSearch.Domain.Faces;

namespace FaceSearch.Api.Enrolment;

/// <summary>A page of a job's files, in the archive's order.</summary>
/// <param name="NextCursor">Ask again with it as 'cursor' for the files that follow; absent at the end.</param>
public sealed record EnrolmentItemListResponse(
    [property: Limits(MaxItems = Page.MaxLimit)] IReadOnlyList<EnrolmentItemResponse> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? NextCursor)
{
    internal static EnrolmentItemListResponse From(Page<EnrolmentItemDetails> page, bool mayRead) =>
        new([.. page.Items.Select(item => EnrolmentItemResponse.From(item, mayRead))], page.NextCursor);
}

/// <summary>The outcome of a file of an archive, or of a picture of an import.</summary>
/// <param name="Position">The file's index in the archive's directory. It is unique; names may repeat.</param>
/// <param name="Name">The file's path in the archive.</param>
/// <param name="Reason">
/// A code of <c>docs/problems.md</c> when the file failed or was skipped, or was enrolled without a person because its
/// name was not decoded; null otherwise.
/// </param>
/// <param name="FaceId">The enrolled face, or for a duplicate the one that was enrolled before; null without one.</param>
/// <param name="Person">
/// The person of an inserted face; for other files, and for callers without the scope 'read', the person that the path
/// names. Null for none.
/// </param>
/// <param name="OtherFaceCount">How many other faces of an inserted picture were not enrolled.</param>
/// <param name="OtherPerson">
/// For a duplicate, the person of the enrolled face if the path names another one; null otherwise, and for callers
/// without the scope 'read'.
/// </param>
public sealed record EnrolmentItemResponse(
    int Position, string Name, EnrolmentOutcome Outcome, string? Reason, string? FaceId, string? Person, int OtherFaceCount,
    string? OtherPerson)
{
    internal static EnrolmentItemResponse From(EnrolmentItemDetails details, bool mayRead)
    {
        var item = details.Item;
        var isInserted = item.Outcome == EnrolmentOutcome.Inserted;
        var named = PictureName.Parse(item.Name).Person;
        return new EnrolmentItemResponse(
            item.Position,
            item.Name,
            item.Outcome,
            item.Reason,
            details.FaceId is { } face ? EntityId.Format(face) : null,
            isInserted && mayRead ? details.Person : named,
            item.OtherFaces,
            mayRead && !isInserted && details.Person != named ? details.Person : null);
    }
}
