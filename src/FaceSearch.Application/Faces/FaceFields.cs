using FaceSearch.Application.Abstractions;
using FaceSearch.Domain.Faces;
using FaceSearch.Domain.Persons;
using FaceSearch.Domain.Texts;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace FaceSearch.Application.Faces;

/// <summary>The limits of a face's fields, which the messages have in their stored form.</summary>
public static class FaceFields
{
    public const int MaxTags = 32;

    internal static IRuleBuilderOptions<T, string?> IsPersonName<T>(this IRuleBuilder<T, string?> rule) =>
        rule.IsText("person", Person.NameMaxLength);

    internal static IRuleBuilderOptions<T, string?> IsExternalId<T>(this IRuleBuilder<T, string?> rule) =>
        rule.IsText("externalId", Face.ExternalIdMaxLength);

    internal static IRuleBuilderOptions<T, IReadOnlyList<string>> AreTags<T>(
        this IRuleBuilder<T, IReadOnlyList<string>> rule) => rule
        .Must(AreTags)
        .OverridePropertyName("tags")
        .WithMessage($"tags are at most {MaxTags}, each of {FieldText.RuleOf(FaceTag.MaxLength)}.");

    internal static bool AreTags(IReadOnlyList<string> tags) =>
        tags.Count <= MaxTags && tags.All(tag => FieldText.IsValid(tag, FaceTag.MaxLength));

    internal static IRuleBuilderOptions<T, string?> IsTag<T>(this IRuleBuilder<T, string?> rule) =>
        rule.IsText("tag", FaceTag.MaxLength);

    /// <summary>Gives the face these tags, each once, in place of those it has.</summary>
    internal static void SetTags(this Face face, IEnumerable<string> tags)
    {
        var wanted = tags.ToHashSet(StringComparer.Ordinal);
        foreach (var tag in face.Tags.Where(tag => !wanted.Remove(tag.Tag)).ToList())
            face.Tags.Remove(tag);
        foreach (var tag in wanted)
            face.Tags.Add(new FaceTag { Tag = tag });
    }

    /// <summary>The face that has this external id; null when none has.</summary>
    internal static Task<long?> FindByExternalIdAsync(
        this IFaceSearchDbContext db, long collectionId, string externalId, CancellationToken ct) =>
        db.Faces.AsNoTracking()
            .Where(face => face.CollectionId == collectionId && face.ExternalId == externalId)
            .Select(face => (long?)face.Id)
            .FirstOrDefaultAsync(ct);

    private static IRuleBuilderOptions<T, string?> IsText<T>(
        this IRuleBuilder<T, string?> rule, string field, int maxLength) => rule
        .Must(text => text is null || FieldText.IsValid(text, maxLength))
        .OverridePropertyName(field)
        .WithMessage($"{field} is a text of {FieldText.RuleOf(maxLength)}.");
}
